/* Consoles for the tests of the Windows program: what one shows, what is typed there, and Ctrl-C. For tests only.

     console show CODE_PAGE PROGRAM [ARGUMENT...]
         Runs PROGRAM at this process's console, which gets the code page. What comes on standard input as UTF-8 is
         typed there. Prints what the console shows at the end, as UTF-8, and ends as PROGRAM did.
     console interrupt PROCESS
         Presses Ctrl-C in the console of the process with this number. (Wine 8 has no Ctrl-Break.)

   Whoever runs `show` starts it with CREATE_NO_WINDOW, so that it has a console of its own. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { COLUMNS = 200, ROWS = 900, FAILED = 99 };

static int failed(const char *what) {
    fprintf(stderr, "console: %s: error %lu\n", what, GetLastError());
    return FAILED;
}

static int interrupt(DWORD process) {
    FreeConsole();
    if (!AttachConsole(process)) return failed("the process has no console");
    /* This process is at that console as well now, and goes on. */
    SetConsoleCtrlHandler(NULL, TRUE);
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return failed("Ctrl-C cannot be pressed");
    return 0;
}

/* Types what comes on standard input. */
static BOOL type_all(HANDLE input) {
    char text[4096];
    size_t size = fread(text, 1, sizeof text, stdin);
    wchar_t wide[4096];
    int count = MultiByteToWideChar(CP_UTF8, 0, text, (int)size, wide, 4096);
    for (int at = 0; at < count; at++) {
        INPUT_RECORD key = {.EventType = KEY_EVENT};
        DWORD written;
        wchar_t typed = wide[at] == L'\n' ? L'\r' : wide[at];
        key.Event.KeyEvent.bKeyDown = TRUE;
        key.Event.KeyEvent.wRepeatCount = 1;
        key.Event.KeyEvent.uChar.UnicodeChar = typed;
        key.Event.KeyEvent.wVirtualKeyCode = typed == L'\r' ? VK_RETURN : typed == L'\b' ? VK_BACK : 0;
        if (!WriteConsoleInputW(input, &key, 1, &written)) return FALSE;
        key.Event.KeyEvent.bKeyDown = FALSE;
        if (!WriteConsoleInputW(input, &key, 1, &written)) return FALSE;
    }
    return TRUE;
}

/* Prints the rows up to the cursor, without the spaces at their ends. */
static BOOL print_rows(HANDLE output) {
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(output, &info)) return FALSE;
    for (SHORT row = 0; row <= info.dwCursorPosition.Y; row++) {
        wchar_t wide[COLUMNS];
        char text[4 * COLUMNS];
        COORD begin = {0, row};
        DWORD count;
        if (!ReadConsoleOutputCharacterW(output, wide, COLUMNS, begin, &count)) return FALSE;
        while (count > 0 && wide[count - 1] == L' ') count--;
        int size = WideCharToMultiByte(CP_UTF8, 0, wide, (int)count, text, sizeof text, NULL, NULL);
        fwrite(text, 1, (size_t)size, stdout);
        putchar('\n');
    }
    return TRUE;
}

/* The command line behind our first three arguments, as it was given. */
static wchar_t *rest_of_line(void) {
    wchar_t *at = GetCommandLineW();
    for (int argument = 0; argument < 3; argument++) {
        BOOL quoted = FALSE;
        while (*at && (quoted || (*at != L' ' && *at != L'\t'))) {
            if (*at == L'"') quoted = !quoted;
            at++;
        }
        while (*at == L' ' || *at == L'\t') at++;
    }
    return at;
}

static int show(UINT code_page) {
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    DWORD access = GENERIC_READ | GENERIC_WRITE, shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
    HANDLE input = CreateFileW(L"CONIN$", access, shared, &inherited, OPEN_EXISTING, 0, NULL);
    HANDLE output = CreateFileW(L"CONOUT$", access, shared, &inherited, OPEN_EXISTING, 0, NULL);
    if (input == INVALID_HANDLE_VALUE || output == INVALID_HANDLE_VALUE) return failed("there is no console");
    COORD size = {COLUMNS, ROWS};
    if (!SetConsoleScreenBufferSize(output, size)) return failed("the console cannot be that large");
    if (!SetConsoleCP(code_page) || !SetConsoleOutputCP(code_page)) return failed("no such code page");
    if (GetConsoleOutputCP() != code_page) return failed("the console has another code page");
    if (!type_all(input)) return failed("nothing can be typed");
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    start.hStdInput = input;
    start.hStdOutput = output;
    start.hStdError = output;
    PROCESS_INFORMATION program;
    if (!CreateProcessW(NULL, rest_of_line(), NULL, NULL, TRUE, 0, NULL, NULL, &start, &program)) {
        return failed("the program does not start");
    }
    WaitForSingleObject(program.hProcess, INFINITE);
    DWORD code;
    GetExitCodeProcess(program.hProcess, &code);
    _setmode(_fileno(stdout), _O_BINARY);
    if (!print_rows(output)) return failed("the console cannot be read");
    return (int)code;
}

int wmain(int count, wchar_t **arguments) {
    if (count >= 4 && wcscmp(arguments[1], L"show") == 0) return show((UINT)_wtoi(arguments[2]));
    if (count == 3 && wcscmp(arguments[1], L"interrupt") == 0) return interrupt((DWORD)_wtoi64(arguments[2]));
    fputs("usage: console show CODE_PAGE PROGRAM [ARGUMENT...] | console interrupt PROCESS\n", stderr);
    return FAILED;
}
