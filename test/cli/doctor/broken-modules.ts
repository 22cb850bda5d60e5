import test from 'ava'
import { BROKEN_MODULES } from '../../fixtures/doctor/broken.js'
import { findsFault } from '../../helpers/finds-fault.js'

test('there are at least 20', (t) => t.true(BROKEN_MODULES.length >= 20))

// One after another: each loads a module in a process of its own.
for (const project of BROKEN_MODULES) test.serial(`${project.name}: ${project.id}`, (t) => findsFault(t, project))
