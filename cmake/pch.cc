// Carries the precompiled header (see src/CMakeLists.txt); has nothing of its own.
