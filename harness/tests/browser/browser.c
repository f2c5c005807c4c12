/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drives Chromium as a person would, for the tests of HTML pages. Standard input has a command a line:
 *
 *   script FILE       compiles a script, which is not run: an error in it is told with the file's line
 *   open FILE         opens a page from disk and waits until it is drawn
 *   size W H          of the window, in pixels
 *   colours light     or dark
 *   key NAME          one key: Tab, Enter, ArrowDown, n
 *   tab JS            presses Tab until the expression is true, a hundred times at most
 *   click JS          the middle of the element that the expression gives, or the point {x, y}; counted
 *   want JS           the expression has to be true; it is asked again until the time is over
 *   clicks            prints how many there were since the last time
 *   say JS            prints what the expression gives
 *   tree              prints the accessibility tree: a role and a name a line, indented
 *   picture FILE      what is on the screen, as PNG
 *   trace             from here on, what the page's thread does is traced
 *   longest TEXT      prints the longest task since then; the trace goes on
 *
 * What the page says on its console, and each error, fails the run at its end. Exit codes: 0 all as wanted, 1 not.
 * usage: browser CHROMIUM PROFILE-FOLDER WAIT-SECONDS
 */
#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/tests/browser/devtools.h"

#define THREADS_MAX 256u

/* What a thread of the browser's did since a trace began. */
struct thread {
    long long process, thread;
    bool of_page; /* it runs a page's script, and draws it */
    unsigned tasks;
    double longest_ms, longest_cpu_ms;
};

struct browser {
    struct devtools tools;
    unsigned wait_ms, clicks, errors;
    bool loaded, traced;
    struct thread threads[THREADS_MAX];
    size_t nr_threads;
};

/* ---- what the page tells ---------------------------------------------------------------------- */

static void complain(struct browser *browser, const char *what, const json_t *params)
{
    char *text = json_dumps(params, JSON_COMPACT);

    fprintf(stderr, "%s: %.1500s\n", what, text != NULL ? text : "");
    free(text);
    browser->errors++;
}

static struct thread *thread_of(struct browser *browser, const json_t *event)
{
    const long long process = json_integer_value(json_object_get(event, "pid")),
                    thread = json_integer_value(json_object_get(event, "tid"));

    for (size_t t = 0; t < browser->nr_threads; t++)
        if (browser->threads[t].process == process && browser->threads[t].thread == thread)
            return &browser->threads[t];
    if (browser->nr_threads == THREADS_MAX)
        errx(2, "the browser has too many threads");
    browser->threads[browser->nr_threads] = (struct thread){.process = process, .thread = thread};
    return &browser->threads[browser->nr_threads++];
}

/* Chromium gives a task's processor time, too, which doesn't depend on how busy the machine is. */
static void take_trace(struct browser *browser, const json_t *events)
{
    size_t index;
    json_t *event;

    json_array_foreach(events, index, event)
    {
        const char *name = json_string_value(json_object_get(event, "name"));
        const char *title = json_string_value(json_object_get(json_object_get(event, "args"), "name"));
        struct thread *thread = thread_of(browser, event);
        if (name != NULL && strcmp(name, "thread_name") == 0)
            thread->of_page = title != NULL && strcmp(title, "CrRendererMain") == 0;
        if (name == NULL ||
            (strcmp(name, "RunTask") != 0 && strcmp(name, "ThreadControllerImpl::RunTask") != 0))
            continue;
        const double ms = json_number_value(json_object_get(event, "dur")) / 1000,
                     cpu_ms = json_number_value(json_object_get(event, "tdur")) / 1000;
        thread->tasks++;
        thread->longest_ms = ms > thread->longest_ms ? ms : thread->longest_ms;
        thread->longest_cpu_ms = cpu_ms > thread->longest_cpu_ms ? cpu_ms : thread->longest_cpu_ms;
    }
}

static void on_event(void *context, const char *method, const json_t *params)
{
    struct browser *browser = context;
    const char *level = json_string_value(json_object_get(json_object_get(params, "entry"), "level"));

    if (strcmp(method, "Page.loadEventFired") == 0)
        browser->loaded = true;
    else if (strcmp(method, "Runtime.exceptionThrown") == 0)
        complain(browser, "an exception", params);
    else if (strcmp(method, "Runtime.consoleAPICalled") == 0)
        complain(browser, "the console", params);
    else if (strcmp(method, "Log.entryAdded") == 0 && level != NULL && strcmp(level, "error") == 0)
        complain(browser, "an error", params);
    else if (strcmp(method, "Page.javascriptDialogOpening") == 0)
        complain(browser, "a dialog", params);
    else if (strcmp(method, "Tracing.dataCollected") == 0)
        take_trace(browser, json_object_get(params, "value"));
    else if (strcmp(method, "Tracing.tracingComplete") == 0)
        browser->traced = true;
}

static void call(struct browser *browser, const char *method, json_t *params)
{
    json_decref(devtools_call(&browser->tools, method, params));
}

/* What an expression gives; an exception ends the run. */
static json_t *evaluate(struct browser *browser, const char *expression)
{
    json_t *answer = devtools_call(&browser->tools, "Runtime.evaluate",
        json_pack("{s:s, s:b, s:b}", "expression", expression, "returnByValue", 1, "awaitPromise", 1));
    const json_t *thrown = json_object_get(answer, "exceptionDetails");

    if (thrown != NULL) {
        char *text = json_dumps(thrown, JSON_COMPACT);
        errx(2, "%s: %s", expression, text);
    }
    json_t *value = json_incref(json_object_get(json_object_get(answer, "result"), "value"));
    json_decref(answer);
    return value;
}

/* ---- commands --------------------------------------------------------------------------------- */

/* Two frames: what the last command changed is drawn. */
static void settle(struct browser *browser)
{
    json_decref(evaluate(
        browser, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"));
}

/* How often a page is asked before what is wanted counts as not so. Each time its thread has to answer, so that a page on a
 * busy machine has more time. */
#define ASKED_MAX     600u
#define ASKED_EACH_MS 50u

/* A page that a click opens has no answer until it is there. */
static bool want(struct browser *browser, const char *expression)
{
    for (unsigned asked = 1;; asked++) {
        json_t *answer = devtools_call(&browser->tools, "Runtime.evaluate",
            json_pack("{s:s, s:b}", "expression", expression, "returnByValue", 1));
        const bool holds = json_is_true(json_object_get(json_object_get(answer, "result"), "value"));
        if (holds || asked == ASKED_MAX) {
            char *text = holds ? NULL : json_dumps(answer, JSON_COMPACT);
            if (!holds)
                fprintf(stderr, "not so: %s: %.600s\n", expression, text);
            free(text);
            json_decref(answer);
            return holds;
        }
        json_decref(answer);
        devtools_wait(&browser->tools, ASKED_EACH_MS);
    }
}

/* Compiles it as a module does, where it may await. What is put around it leaves its lines as they are. */
static bool compile(struct browser *browser, const char *file)
{
    char *source = NULL, *module = NULL;
    size_t room = 0;
    FILE *in = fopen(file, "r");

    if (in == NULL || getdelim(&source, &room, '\0', in) < 0)
        err(2, "%s", file);
    fclose(in);
    if (asprintf(&module, "(async () => { 'use strict'; %s\n})", source) < 0)
        err(2, "memory");
    free(source);
    json_t *answer = devtools_call(&browser->tools, "Runtime.compileScript",
        json_pack("{s:s, s:s, s:b}", "expression", module, "sourceURL", file, "persistScript", 0));
    const json_t *wrong = json_object_get(answer, "exceptionDetails");
    const bool compiles = wrong == NULL;
    if (!compiles) {
        const char *what =
            json_string_value(json_object_get(json_object_get(wrong, "exception"), "description"));
        what = what != NULL ? what : "it is no script";
        fprintf(stderr, "%s:%lld:%lld: %.*s\n", file,
            json_integer_value(json_object_get(wrong, "lineNumber")) + 1,
            json_integer_value(json_object_get(wrong, "columnNumber")) + 1, (int)strcspn(what, "\n"), what);
    }
    json_decref(answer);
    free(module);
    return compiles;
}

static void open_page(struct browser *browser, const char *file)
{
    char path[PATH_MAX], url[PATH_MAX + 16];
    const size_t bytes = strcspn(file, "#");
    char *name = strndup(file, bytes);

    if (name == NULL || realpath(name, path) == NULL)
        err(2, "%s", file);
    free(name);
    snprintf(url, sizeof url, "file://%s%s", path, file + bytes);
    browser->loaded = false;
    call(browser, "Page.navigate", json_pack("{s:s}", "url", url));
    for (unsigned ms = 0; !browser->loaded && ms < browser->wait_ms; ms += 20)
        devtools_wait(&browser->tools, 20);
    if (!browser->loaded)
        errx(2, "%s does not open", url);
    if (!want(browser, "document.body.dataset.ready === 'yes'"))
        errx(2, "%s does not come to its end", url);
    settle(browser);
}

static void press(struct browser *browser, const char *name)
{
    static const struct {
        const char *name;
        int code;
        const char *text;
    } named[] = {{"Tab", 9, NULL}, {"Enter", 13, "\r"}, {" ", 32, " "}, {"PageUp", 33, NULL},
        {"PageDown", 34, NULL}, {"End", 35, NULL}, {"Home", 36, NULL}, {"ArrowLeft", 37, NULL},
        {"ArrowUp", 38, NULL}, {"ArrowRight", 39, NULL}, {"ArrowDown", 40, NULL}};
    const char *text = name[1] == '\0' ? name : NULL;
    int code = text != NULL ? (name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0]) : 0;

    for (size_t n = 0; n < sizeof named / sizeof named[0]; n++)
        if (strcmp(name, named[n].name) == 0) {
            code = named[n].code;
            text = named[n].text;
        }
    json_t *down = json_pack("{s:s, s:s, s:s, s:i}", "type", text != NULL ? "keyDown" : "rawKeyDown", "key",
        name, "code", name, "windowsVirtualKeyCode", code);
    if (text != NULL)
        json_object_set_new(down, "text", json_string(text));
    call(browser, "Input.dispatchKeyEvent", down);
    call(browser, "Input.dispatchKeyEvent",
        json_pack("{s:s, s:s, s:s, s:i}", "type", "keyUp", "key", name, "code", name, "windowsVirtualKeyCode",
            code));
    settle(browser);
}

static void click(struct browser *browser, const char *expression)
{
    char *middle = NULL;

    if (asprintf(&middle,
            "(() => { const what = (%s); if (!(what instanceof Element)) return what; "
            "what.scrollIntoView({ block: 'nearest' }); const box = what.getBoundingClientRect(); "
            "return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()",
            expression) < 0)
        err(2, "memory");
    json_t *point = evaluate(browser, middle);
    free(middle);
    const double x = json_number_value(json_object_get(point, "x")),
                 y = json_number_value(json_object_get(point, "y"));
    if (point == NULL || x <= 0 || y <= 0)
        errx(2, "nothing to click: %s", expression);
    json_decref(point);
    const char *const types[] = {"mouseMoved", "mousePressed", "mouseReleased"};
    browser->loaded = false;
    for (size_t t = 0; t < 3; t++)
        call(browser, "Input.dispatchMouseEvent",
            json_pack("{s:s, s:f, s:f, s:s, s:i}", "type", types[t], "x", x, "y", y, "button",
                t > 0 ? "left" : "none", "clickCount", t > 0 ? 1 : 0));
    browser->clicks++;
    devtools_wait(&browser->tools, 1);
}

static bool tab(struct browser *browser, const char *expression)
{
    for (unsigned times = 0; times < 100; times++) {
        press(browser, "Tab");
        json_t *value = evaluate(browser, expression);
        const bool there = json_is_true(value);
        json_decref(value);
        if (there)
            return true;
    }
    fprintf(stderr, "Tab doesn't lead to: %s\n", expression);
    return false;
}

static void say(struct browser *browser, const char *expression)
{
    json_t *value = evaluate(browser, expression);
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    printf("%s\n", json_is_string(value) ? json_string_value(value) : text != NULL ? text : "nothing");
    free(text);
    json_decref(value);
}

/* ---- the accessibility tree ------------------------------------------------------------------- */

static const json_t *node_of(const json_t *nodes, const char *id)
{
    size_t index;
    json_t *node;

    json_array_foreach(nodes, index,
        node) if (strcmp(json_string_value(json_object_get(node, "nodeId")), id) == 0) return node;
    return NULL;
}

static const char *value_of(const json_t *node, const char *member)
{
    const char *text = json_string_value(json_object_get(json_object_get(node, member), "value"));

    return text != NULL ? text : "";
}

/* A slider's value is a number. */
static void print_value(const json_t *node)
{
    const json_t *value = json_object_get(json_object_get(node, "value"), "value");

    if (json_is_string(value) && json_string_length(value) > 0)
        printf(" is \"%s\"", json_string_value(value));
    else if (json_is_number(value))
        printf(" is %.0f", json_number_value(value));
}

/* A text that its parent's name has already is left out. */
static void print_node(const json_t *nodes, const json_t *node, int depth, bool named)
{
    const char *role = value_of(node, "role"), *name = value_of(node, "name");
    const bool shown = !json_is_true(json_object_get(node, "ignored")) && strcmp(role, "none") != 0 &&
                       strcmp(role, "generic") != 0 && strcmp(role, "InlineTextBox") != 0 &&
                       !(named && strcmp(role, "StaticText") == 0);
    size_t index;
    json_t *child;

    if (shown) {
        printf("%*s%s \"%s\"", 2 * depth, "", role, name);
        print_value(node);
        putchar('\n');
    }
    named = (named && strcmp(role, "none") == 0) || strcmp(role, "button") == 0 ||
            strcmp(role, "heading") == 0 || strcmp(role, "option") == 0 || strcmp(role, "link") == 0;
    json_array_foreach(json_object_get(node, "childIds"), index, child)
    {
        const json_t *found = node_of(nodes, json_string_value(child));
        if (found != NULL)
            print_node(nodes, found, depth + shown, named);
    }
}

static void print_tree(struct browser *browser)
{
    json_t *answer = devtools_call(&browser->tools, "Accessibility.getFullAXTree", NULL);
    const json_t *nodes = json_object_get(answer, "nodes");

    if (json_array_size(nodes) > 0)
        print_node(nodes, json_array_get(nodes, 0), 0, false);
    json_decref(answer);
}

static void take_picture(struct browser *browser, const char *file)
{
    json_t *answer = devtools_call(&browser->tools, "Page.captureScreenshot",
        json_pack("{s:s, s:b}", "format", "png", "captureBeyondViewport", 0));
    char *command = NULL;

    if (asprintf(&command, "base64 -d > '%s'", file) < 0)
        err(2, "memory");
    FILE *out = popen(command, "w");
    if (out == NULL || fputs(json_string_value(json_object_get(answer, "data")), out) < 0 || pclose(out) != 0)
        errx(2, "%s can't be written", file);
    free(command);
    json_decref(answer);
}

/* ---- traces ----------------------------------------------------------------------------------- */

static void begin_trace(struct browser *browser)
{
    browser->nr_threads = 0;
    call(browser, "Tracing.start",
        json_pack("{s:s, s:s}", "transferMode", "ReportEvents", "categories",
            "disabled-by-default-devtools.timeline,devtools.timeline"));
}

static void tell_longest(struct browser *browser, const char *text)
{
    struct thread page = {0};

    browser->traced = false;
    call(browser, "Tracing.end", NULL);
    while (!browser->traced)
        devtools_wait(&browser->tools, 20);
    for (size_t t = 0; t < browser->nr_threads; t++)
        if (browser->threads[t].of_page && browser->threads[t].longest_cpu_ms >= page.longest_cpu_ms)
            page = browser->threads[t];
    if (page.tasks == 0)
        errx(2, "the trace has no task of the page's");
    printf("%-28s %7.1f ms %7.1f ms of processor time, the longest of %u tasks\n", text, page.longest_ms,
        page.longest_cpu_ms, page.tasks);
    begin_trace(browser);
}

/* ---- the run ---------------------------------------------------------------------------------- */

static void attach(struct browser *browser)
{
    struct devtools *tools = &browser->tools;
    json_t *target = devtools_call(tools, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"));
    json_t *attached = devtools_call(tools, "Target.attachToTarget",
        json_pack("{s:O, s:b}", "targetId", json_object_get(target, "targetId"), "flatten", 1));

    snprintf(tools->session, sizeof tools->session, "%s",
        json_string_value(json_object_get(attached, "sessionId")));
    json_decref(target);
    json_decref(attached);
    const char *const domains[] = {"Page.enable", "Runtime.enable", "Log.enable", "Accessibility.enable"};
    for (size_t d = 0; d < sizeof domains / sizeof domains[0]; d++)
        call(browser, domains[d], NULL);
}

static bool obey(struct browser *browser, const char *command, const char *rest)
{
    unsigned width, height;

    if (strcmp(command, "open") == 0)
        open_page(browser, rest);
    else if (strcmp(command, "size") == 0 && sscanf(rest, "%u %u", &width, &height) == 2)
        call(browser, "Emulation.setDeviceMetricsOverride",
            json_pack("{s:i, s:i, s:i, s:b}", "width", (int)width, "height", (int)height, "deviceScaleFactor",
                1, "mobile", 0));
    else if (strcmp(command, "colours") == 0)
        call(browser, "Emulation.setEmulatedMedia",
            json_pack("{s:[{s:s, s:s}]}", "features", "name", "prefers-color-scheme", "value", rest));
    else if (strcmp(command, "key") == 0)
        press(browser, rest);
    else if (strcmp(command, "tab") == 0)
        return tab(browser, rest);
    else if (strcmp(command, "click") == 0)
        click(browser, rest);
    else if (strcmp(command, "want") == 0)
        return want(browser, rest);
    else if (strcmp(command, "script") == 0)
        return compile(browser, rest);
    else if (strcmp(command, "say") == 0)
        say(browser, rest);
    else if (strcmp(command, "tree") == 0)
        print_tree(browser);
    else if (strcmp(command, "picture") == 0)
        take_picture(browser, rest);
    else if (strcmp(command, "trace") == 0)
        begin_trace(browser);
    else if (strcmp(command, "longest") == 0)
        tell_longest(browser, rest);
    else if (strcmp(command, "clicks") == 0) {
        printf("%u clicks\n", browser->clicks);
        browser->clicks = 0;
    } else
        errx(2, "there is no command %s", command);
    return true;
}

int main(int count, char **arguments)
{
    struct browser browser = {.tools = {.event = on_event, .context = &browser}};
    char *line = NULL;
    size_t room = 0;
    ssize_t bytes;
    bool good = true;

    if (count != 4)
        errx(2, "usage: browser CHROMIUM PROFILE-FOLDER WAIT-SECONDS");
    browser.wait_ms = (unsigned)atoi(arguments[3]) * 1000;
    if (!devtools_start(&browser.tools, arguments[1], arguments[2]))
        return 2;
    attach(&browser);
    while (good && (bytes = getline(&line, &room, stdin)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        char *rest = line + strcspn(line, " ");
        if (*rest != '\0')
            *rest++ = '\0';
        good = obey(&browser, line, rest);
        fflush(stdout);
    }
    devtools_wait(&browser.tools, 1);
    devtools_stop(&browser.tools);
    free(line);
    return good && browser.errors == 0 ? 0 : 1;
}
