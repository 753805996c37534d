/* Carena.exe: starts the Python beside it with the desktop, or, for a process of its own (the media engine, a picture's
 * decoder), with the arguments that multiprocessing gives. Built twice: for windows, and for a console (CarenaConsole.exe,
 * for --self-test and --show-policy). Python is loaded by its full path: no other folder is searched for it. */
#ifndef UNICODE
#define UNICODE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>
#include <shellapi.h>

#ifndef PYTHON_DLL
#error "PYTHON_DLL is the name of the interpreter's library"
#endif

typedef int (*py_main)(int, wchar_t **);

static int fail(const wchar_t *words) {
#ifdef CONSOLE
    fwprintf(stderr, L"carena: %ls\n", words);
#else
    MessageBoxW(NULL, words, L"Carena Desktop", MB_OK | MB_ICONERROR);
#endif
    return 70;
}

static int start(int argc, wchar_t **argv) {
    static wchar_t folder[MAX_PATH * 4], library[MAX_PATH * 4];
    DWORD length = GetModuleFileNameW(NULL, folder, MAX_PATH * 4 - 1);
    wchar_t *last = length ? wcsrchr(folder, L'\\') : NULL;
    if (last == NULL) return fail(L"The program's folder can't be found.");
    *last = 0;
    if (wcslen(folder) + wcslen(PYTHON_DLL) + 2 > MAX_PATH * 4) return fail(L"The program's path is too long.");
    wcscpy(library, folder);
    wcscat(library, L"\\");
    wcscat(library, PYTHON_DLL);
    SetDllDirectoryW(L""); /* not the folder that a user happens to be in */
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (python == NULL) return fail(L"A part of Carena Desktop is missing. Install it again, or ask IT.");
    py_main run = (py_main)(void (*)(void))GetProcAddress(python, "Py_Main");
    if (run == NULL) return fail(L"A part of Carena Desktop is damaged. Install it again, or ask IT.");
    for (int i = 1; i < argc; i++)
        if (wcscmp(argv[i], L"--multiprocessing-fork") == 0) return run(argc, argv);
    wchar_t **given = calloc((size_t)argc + 5, sizeof *given);
    if (given == NULL) return fail(L"There is not enough memory.");
    int n = 0;
    given[n++] = argv[0];
    given[n++] = L"-I";
    given[n++] = L"-B";
    given[n++] = L"-m";
    given[n++] = L"carena_desktop";
    for (int i = 1; i < argc; i++) given[n++] = argv[i];
    return run(n, given);
}

#ifdef CONSOLE
int wmain(int argc, wchar_t **argv) { return start(argc, argv); }
#else
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, PWSTR line, int show) {
    (void)instance, (void)before, (void)line, (void)show;
    int argc = 0;
    wchar_t **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    return argv == NULL ? fail(L"The command line can't be read.") : start(argc, argv);
}
#endif
