#!/usr/bin/env node
process.stdout.write('trail-check\n');
