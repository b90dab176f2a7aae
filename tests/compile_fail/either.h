// What makes each case here two: with CONTROL the right code, which must compile, without it the
// misuse, which must not. The two differ in nothing else, so a case cannot pass for a wrong reason.
#pragma once

#ifdef CONTROL
#define EITHER(right, wrong) right
#else
#define EITHER(right, wrong) wrong
#endif
