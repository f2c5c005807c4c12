/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that do something: toolstack and guest commands, calls of a kernel's functions, raw hypercalls, and every. A
 * command is kept as it is; only a comparison or an arrow behind it is parsed.
 */
#include "harness/language/parser.h"
#include "guest/abi/agent.h"
#include "sim/toolstack/command_line.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parses a command that begins at `from`, and the comparison or arrow behind it. */
static bool parse_pasted(struct parser *p, struct statement *statement, const char *from, const char *wanted)
{
    struct token text = lexer_raw(&p->lexer, from);

    p->token = text;
    if (text.bytes == 0) {
        p->token.kind = TOKEN_END;
        return expected(p, wanted);
    }
    statement->text_span = text.span;
    statement->text = copy_text(p, text.start, text.bytes);
    if (statement->text == NULL)
        return false;
    advance(p);
    if (p->token.kind != TOKEN_END && p->token.kind != TOKEN_ARROW) {
        if (!parse_comparison(p, &statement->condition, UNIT_NONE))
            return false;
        statement->has_condition = true;
    }
    if (p->token.kind == TOKEN_ARROW && !parse_status(p, statement))
        return false;
    return at_end(p);
}

bool parse_toolstack(struct parser *p, struct statement *statement)
{
    struct token word = p->token;

    statement->kind = ST_TOOLSTACK;
    if (lexer_peek(&p->lexer).kind == TOKEN_END) {
        advance(p);
        return expected(p, "a command");
    }
    return parse_pasted(p, statement, word.start, "a command");
}

static const char *skip_blanks(const struct parser *p, const char *from)
{
    while (from < p->lexer.line_end && (*from == ' ' || *from == '\t'))
        from++;
    return from;
}

bool parse_guest(struct parser *p, struct statement *statement)
{
    struct token word = p->token;
    const char *from = word.start + word.bytes;

    statement->kind = ST_GUEST;
    assert(word.bytes > 0 && word.start[word.bytes - 1] == '$');
    /* The domain's name is the word without its $. */
    p->token.bytes--;
    p->token.span.length--;
    if (p->token.bytes == 0)
        return complain(p, word.span, "the domain's name is missing before the $");
    if (!parse_domain_name(p, statement->domain))
        return false;
    return parse_pasted(p, statement, skip_blanks(p, from), "a command for the guest");
}

/* Complains that the kernel has no such function, and lists those that a scenario may call. */
static bool complain_of_function(struct parser *p, const struct kernel *kernel, const char *kernel_name)
{
    struct suggestion s;
    char text[80], all[160] = "";
    bool cut = false;

    if (kernel->nr_calls == 0)
        return complain(p, p->token.span, "kernel=%s has no function that a scenario can call", kernel_name);
    suggest_begin(&s, p->token.start, p->token.bytes);
    for (size_t i = 0; i < kernel->nr_calls; i++) {
        size_t used = strlen(all);
        suggest_offer(&s, kernel->calls[i].name);
        if (used + strlen(kernel->calls[i].name) + 32 < sizeof all)
            snprintf(all + used, sizeof all - used, "%s%s", used != 0 ? ", " : "; it can call ",
                kernel->calls[i].name);
        else if (!cut) {
            snprintf(all + used, sizeof all - used, " and %zu more", kernel->nr_calls - i);
            cut = true;
        }
    }
    return complain(p, p->token.span, "a scenario can't call `%.*s`%s", SHOWN(&p->token),
        s.best != NULL ? meant(&s, text, sizeof text) : all);
}

static const struct kernel_call *parse_function(
    struct parser *p, const struct kernel *kernel, const char *kernel_name)
{
    for (size_t i = 0; i < kernel->nr_calls; i++)
        if (p->token.kind == TOKEN_WORD && token_is(&p->token, kernel->calls[i].name)) {
            advance(p);
            return &kernel->calls[i];
        }
    if (p->token.kind != TOKEN_WORD)
        expected(p, "a function of the guest's kernel");
    else
        complain_of_function(p, kernel, kernel_name);
    return NULL;
}

static bool parse_arguments(struct parser *p, const struct kernel_call *call)
{
    uint64_t number;

    for (size_t i = 0; i < call->nr_parameters; i++) {
        const struct token option = p->token;
        char wanted[40];
        snprintf(wanted, sizeof wanted, "%s=NUMBER", call->parameters[i]);
        if (!token_is(&option, call->parameters[i]))
            return expected(p, wanted);
        advance(p);
        if (!parse_assign(p, &option) || !parse_number(p, "a number, decimal or 0x...", &number))
            return false;
    }
    return true;
}

/* For a kernel that isn't known: takes any words, at least one; its domain can't be built anyway. */
static bool skip_call(struct parser *p)
{
    if (p->token.kind == TOKEN_END || p->token.kind == TOKEN_ARROW)
        return expected(p, "a function of the guest's kernel");
    while (p->token.kind != TOKEN_END && p->token.kind != TOKEN_ARROW)
        advance(p);
    return true;
}

/* Behind the words of a call that began at start: the text as it was typed, and the status that is expected. */
static bool parse_call_end(struct parser *p, struct statement *statement, const char *start)
{
    statement->text_span = span_to_here(p, statement->text_span);
    statement->text = copy_text(p, start, statement->text_span.length);
    if (statement->text == NULL)
        return false;
    if (p->token.kind == TOKEN_ARROW && !parse_status(p, statement))
        return false;
    return at_end(p);
}

static bool parse_call(struct parser *p, struct statement *statement)
{
    const char *start = p->token.start, *kernel_name;
    const struct kernel *kernel = kernel_of_domain(p, statement->domain, &kernel_name);

    statement->kind = ST_CALL;
    statement->text_span = p->token.span;
    if (kernel == NULL) {
        if (!skip_call(p))
            return false;
    } else {
        const struct kernel_call *call = parse_function(p, kernel, kernel_name);
        if (call == NULL || !parse_arguments(p, call))
            return false;
    }
    return parse_call_end(p, statement, start);
}

bool parse_for_group(struct parser *p, struct statement *statement)
{
    const struct token *token = &p->token;

    if (!parse_domain_or_group(p, statement->domain))
        return false;
    if (accept_word(p, "call"))
        return parse_call(p, statement);
    if (!token_is(token, "$") || !token->glued)
        return complain(p, token->span,
            "behind %s stands `call FUNCTION`, or, for a command typed inside each, `%s$ COMMAND`",
            statement->domain, statement->domain);
    statement->kind = ST_GUEST;
    return parse_pasted(p, statement, skip_blanks(p, token->start + 1), "a command for the guests");
}

/* The first words of a probe's statements; the probe itself reads the rest of the line. */
static const char *const probe_words[] = {
#define X(word) #word
    PROBE_WORDS(X)
#undef X
};

static bool is_probe_word(const struct token *token)
{
    for (size_t i = 0; i < sizeof probe_words / sizeof probe_words[0]; i++) {
        if (token_is(token, probe_words[i]))
            return true;
    }
    return false;
}

/* The words up to an arrow or the line's end; a list in brackets may hold indices, $a[0..7]. */
static bool parse_probe_words(struct parser *p, struct statement *statement, unsigned *words)
{
    struct span open[2] = {{0, 0, 0}};
    unsigned depth = 0;
    bool after_word = false;

    for (; p->token.kind != TOKEN_END && p->token.kind != TOKEN_ARROW; advance(p)) {
        if (p->token.kind == TOKEN_OPEN_SQUARE &&
            (depth == 0 || (depth == 1 && after_word && p->token.glued)))
            open[depth++] = p->token.span;
        else if (p->token.kind == TOKEN_CLOSE_SQUARE && depth > 0)
            depth--;
        else if (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_ASSIGN ||
                 p->token.kind == TOKEN_MATCH || p->token.kind == TOKEN_COLON)
            ++*words;
        else
            return expected(p, "a word, or words in [ ]");
        after_word = p->token.kind == TOKEN_WORD;
        statement->makes_pvh = statement->makes_pvh || token_is(&p->token, "pvh");
        statement->exchanges = statement->exchanges || token_is(&p->token, "exchange");
    }
    if (depth > 0)
        return complain(p, open[depth - 1], "this [ is not closed");
    return true;
}

/* What a kernel in place of the domain's own can do shows only when it runs. */
static bool may_issue_hypercalls(const struct parser *p, const struct known_domain *domain)
{
    const struct kernel *kernel = p->kernels != NULL ? p->kernels->describe(domain->kernel) : NULL;

    return kernel == NULL || kernel_has_feature(kernel, "hypercalls");
}

/* `hypercall NAME WORDS`, `map $a`, `unmap $a`: words, and words in square brackets. */
static bool parse_probe(struct parser *p, struct statement *statement, const struct known_domain *domain)
{
    const char *start = p->token.start;
    bool hypercall = token_is(&p->token, "hypercall");
    unsigned words = 0;

    statement->kind = ST_PROBE;
    if (!may_issue_hypercalls(p, domain))
        return complain(p, p->token.span,
            "only a domain whose kernel issues raw hypercalls does this, as kernel=" DOM0_KERNEL
            ", and %s has kernel=%s",
            domain->name, domain->kernel);
    statement->text_span = p->token.span;
    if (!parse_probe_words(p, statement, &words))
        return false;
    if (words < 2)
        return expected(p, hypercall ? "a hypercall" : "what it is about");
    return parse_call_end(p, statement, start);
}

bool parse_call_or_probe(struct parser *p, struct statement *statement)
{
    const struct known_domain *domain = find_domain(p, p->token.start, p->token.bytes);
    struct suggestion s;
    char text[64];

    if (!parse_domain_name(p, statement->domain))
        return false;
    assert(domain != NULL);
    if (accept_word(p, "call"))
        return parse_call(p, statement);
    if (is_probe_word(&p->token))
        return parse_probe(p, statement, domain);
    if (p->token.kind != TOKEN_WORD)
        return expected(p, "call, hypercall, map or unmap");
    if (token_is(&p->token, "$"))
        return complain(p, p->token.span,
            "a command typed inside %s is written `%s$ COMMAND`, without a blank before the $", domain->name,
            domain->name);
    suggest_begin(&s, p->token.start, p->token.bytes);
    suggest_offer(&s, "call");
    for (size_t i = 0; i < sizeof probe_words / sizeof probe_words[0]; i++) {
        if (strlen(probe_words[i]) > 4) /* a shorter one is near to anything */
            suggest_offer(&s, probe_words[i]);
    }
    if (s.best != NULL)
        return complain(p, p->token.span, "`%.*s` is nothing a domain does%s", SHOWN(&p->token),
            meant(&s, text, sizeof text));
    return complain(p, p->token.span,
        "`%.*s` is nothing a domain does; a command typed inside it is written `%s$ %.*s ...`",
        SHOWN(&p->token), domain->name, SHOWN(&p->token));
}

/* What would fill a recording is refused here: a run would find that out only after half a minute. */
static bool count_times(struct parser *p, const struct statement *statement)
{
    const uint64_t times = statement->for_ns / statement->every_ns, left = EVERY_TIMES_MAX - p->every_times;
    char pause[32];

    assert(p->every_times <= EVERY_TIMES_MAX);
    if (times <= left) {
        p->every_times += times;
        return true;
    }
    if (left == 0)
        return complain(p, p->last,
            "every `every` before this line happens %u times already, and a recording has room for no more",
            EVERY_TIMES_MAX);
    time_text(statement->for_ns / left + (statement->for_ns % left != 0), pause, sizeof pause);
    return complain(p, p->last,
        "this happens %" PRIu64
        " times, and a recording has room for at most %u in all: write `every %s`, or a shorter time",
        times, EVERY_TIMES_MAX, pause);
}

bool parse_every(struct parser *p, struct statement *statement)
{
    statement->kind = ST_EVERY;
    if (!parse_time(p, "the pause", &statement->every_ns))
        return false;
    if (statement->every_ns == 0)
        return complain(p, p->last, "every 0s would never end");
    if (!accept_word(p, "for"))
        return expected(p, "`for TIME:`");
    if (!parse_time(p, "for", &statement->for_ns))
        return false;
    if (statement->for_ns < statement->every_ns)
        return complain(p, p->last, "this ends before it happens once");
    return count_times(p, statement);
}

static bool a_number(const char *text, size_t bytes)
{
    return strspn(text, "0123456789") >= bytes;
}

/* d[rand], d[*], d[3]: is there such a group? Other brackets are passed on, and the toolstack refuses them. */
static bool names_group(const struct parser *p, const char *name, size_t bytes)
{
    const char *bracket = memchr(name, '[', bytes);

    return bracket != NULL && name[bytes - 1] == ']' && find_group(p, name, (size_t)(bracket - name)) != NULL;
}

#define IF_MEANT "; if that is the point, `expect refused` follows"

/* Where a word of the command stands. */
static struct span word_span(const struct statement *statement, size_t at, const char *word)
{
    struct span where = statement->text_span;

    where.column += (uint32_t)at;
    where.length = (uint32_t)strlen(word);
    return where;
}

/* xl and xm refuse these words whoever they are said of. `help` is no row of xl's table. */
static bool check_xl_words(
    struct parser *p, const struct statement *statement, const struct command_line *command)
{
    struct suggestion s;
    char text[64];

    if (command->sub_command != NULL && command->command == NULL &&
        strcmp(command->sub_command, "help") != 0) {
        suggest_begin(&s, command->sub_command, strlen(command->sub_command));
        for (unsigned i = 0; i < NR_XL_COMMANDS; i++)
            suggest_offer(&s, xl_command_at((enum xl_command_id)i)->name);
        return complain(p, word_span(statement, command->sub_command_at, command->sub_command),
            "%s has no command `%.*s` here%s", command->tool, SHOWN_BYTES(strlen(command->sub_command)),
            command->sub_command, s.best != NULL ? meant(&s, text, sizeof text) : IF_MEANT);
    }
    if (command->amount != NULL && !command->has_size)
        return complain(p, word_span(statement, command->amount_at, command->amount),
            "`%.*s` is no amount of memory as %s reads them: a number and at most one of b, k, m, g, "
            "t" IF_MEANT,
            SHOWN_BYTES(strlen(command->amount)), command->amount, command->tool);
    return true;
}

/* The guest's shell has commands of its own. Where another kernel runs in place of the one that the scenario names, its shell
 * says so itself. */
static bool check_guest_command(struct parser *p, const struct statement *statement)
{
    const size_t bytes = strcspn(statement->text, " \t");
    struct span where = statement->text_span;
    const char *name;
    char text[80], all[240] = "";
    struct suggestion s;

    if (statement->refusal_expected || statement->has_status || p->kernels == NULL ||
        p->kernels->instead != NULL)
        return true;
    const struct kernel *kernel = kernel_of_domain(p, statement->domain, &name);
    if (kernel == NULL || kernel->nr_commands == 0)
        return true;
    suggest_begin(&s, statement->text, bytes);
    for (size_t c = 0; c < kernel->nr_commands; c++) {
        const size_t used = strlen(all);
        if (strlen(kernel->commands[c]) == bytes && memcmp(kernel->commands[c], statement->text, bytes) == 0)
            return true;
        suggest_offer(&s, kernel->commands[c]);
        snprintf(
            all + used, sizeof all - used, "%s%s", used != 0 ? ", " : "; there are ", kernel->commands[c]);
    }
    where.length = (uint32_t)bytes;
    return complain(p, where, "there is no command `%.*s` inside %s%s%s", SHOWN_BYTES(bytes), statement->text,
        statement->domain, s.best != NULL ? meant(&s, text, sizeof text) : all,
        s.best != NULL ? "" : IF_MEANT);
}

static bool check_command(struct parser *p, const struct statement *statement)
{
    struct command_line command;
    struct suggestion s;
    struct span where = statement->text_span;
    char text[64];

    if (statement->kind == ST_GUEST)
        return check_guest_command(p, statement);
    if (statement->kind != ST_TOOLSTACK || !command_line_split(&command, statement->text))
        return true;
    if (!statement->refusal_expected && !statement->has_status && !check_xl_words(p, statement, &command))
        return false;
    if (command.domain == NULL)
        return true;
    const char *name = command.domain;
    const size_t bytes = strlen(name);
    if (command.command != NULL && command.command->id == XL_COMMAND_save && strstr(name, "[*]") != NULL)
        return complain(p, where, "each domain is saved into a file of its own: write a line for each");
    if (bytes == 0 || statement->refusal_expected || statement->has_status || a_number(name, bytes) ||
        find_domain(p, name, bytes) != NULL || names_group(p, name, bytes))
        return true;
    if (strcmp(name, "Domain-0") == 0)
        return true;
    suggest_begin(&s, name, bytes);
    suggest_domains(p, &s);
    return complain(p, word_span(statement, command.domain_at, name), "there is no domain `%.*s`%s",
        SHOWN_BYTES(bytes), name, s.best != NULL ? meant(&s, text, sizeof text) : IF_MEANT);
}

bool check_commands(struct parser *p)
{
    const struct scenario *s = p->scenario;

    for (size_t i = 0; i < s->nr_statements; i++) {
        const struct statement *statement = &s->statements[i];
        if (!check_command(p, statement->body != NULL ? statement->body : statement))
            return false;
    }
    return true;
}
