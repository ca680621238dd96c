using System.CommandLine;
using System.Text;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people export</c>: everybody as CSV, LDIF or JSON lines, for systems that take files.</summary>
internal static class PeopleExport
{
    private const int PageSize = 200;

    /// <summary>What begins a formula; spreadsheets of East Asia take the wide forms too.</summary>
    private const string Formula = "=+-@\t\r\n＝＋－＠";
    private static readonly string[] Fields = ["name", "en_name", "employee_no", "job_title", "work_email", "email", "mobile", "city",
        "joined_on"];

    public static Verb Create()
    {
        var format = new Option<string>("--format") { Description = "csv (default), ldif or jsonl.", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "ldif", "jsonl");
        var state = new Option<string?>("--state") { Description = "Only these: active, left, frozen, known, disabled." };
        var platform = new Option<string?>("--platform") { Description =
            "Only those with an account there: feishu, wecom, dingtalk, web, scim (whom an upstream provisions)." };
        var suffix = new Option<string>("--base") { Description = "Where the entries of LDIF stand.", DefaultValueFactory = _ =>
            "ou=people,dc=example,dc=com" };
        return new Verb("export", "Everybody whom the gateway knows, as a file.", "larkspur people export > people.csv",
            "larkspur people export --format ldif --state active") { format, state, platform, suffix }
            .Asks(async call =>
        {
            var written = call.Get(format) ?? "csv";
            if (written == "csv") Console.Out.WriteLine(string.Join(',', ["id", "state", .. Fields, "departments", "accounts"]));
            if (written == "ldif") Console.Out.WriteLine("version: 1\n");
            for (long? cursor = null; ;)
            {
                var page = await call.AskAsync((client, limited) =>
                    client.People.ListAsync(null, call.Get(platform), null, call.Get(state), null, cursor, PageSize, limited));
                foreach (var person in page.Items)
                {
                    Console.Out.WriteLine(written switch
                    {
                        "csv" => string.Join(',', CellsOf(person).Select(Cell)),
                        "ldif" => Entry(person, call.Get(suffix)!),
                        _ => JsonSerializer.Serialize(person),
                    });
                }

                if (page.Next is not { } next) return ExitCodes.Done;
                cursor = next;
            }
        });
    }

    private static IEnumerable<string> CellsOf(KnownPersonView person)
    {
        yield return person.Id;
        yield return person.State;
        foreach (var field in Fields) yield return ValueOf(person, field) ?? "";
        yield return string.Join("; ", person.Accounts.SelectMany(a => a.Directory?.Departments ?? []).Select(d =>
            d.Name ?? d.Key).Distinct());
        yield return string.Join("; ", person.Accounts.Select(a => $"{a.Platform}:{(a.Ids is [var main, ..] ? main.Value : "")}"));
    }

    private static string? ValueOf(KnownPersonView person, string field) => person.Fields.FirstOrDefault(f => f.Name == field)?.Value;

    /// <summary>RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    private static string Cell(string text)
    {
        if (text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal)
            && !(text[0] == '+' && text.Skip(1).All(char.IsAsciiDigit))) text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>An <c>inetOrgPerson</c> of RFC 2849: what is no plain ASCII is written as base64.</summary>
    private static string Entry(KnownPersonView person, string suffix)
    {
        var name = ValueOf(person, "name") ?? person.Name ?? person.Id;
        var lines = new StringBuilder();
        Add("dn", $"uid={person.Id},{suffix}");
        foreach (var kind in (string[])["top", "person", "organizationalPerson", "inetOrgPerson"]) Add("objectClass", kind);
        Add("uid", person.Id);
        Add("cn", name);
        Add("sn", name);
        Add("displayName", ValueOf(person, "en_name"));
        Add("employeeNumber", ValueOf(person, "employee_no"));
        Add("title", ValueOf(person, "job_title"));
        Add("mail", ValueOf(person, "work_email") ?? ValueOf(person, "email"));
        Add("mobile", ValueOf(person, "mobile"));
        Add("l", ValueOf(person, "city"));
        foreach (var department in person.Accounts.SelectMany(a => a.Directory?.Departments ?? []).Select(d =>
            d.Name).OfType<string>().Distinct()) Add("departmentNumber", department);
        return lines.ToString();

        void Add(string attribute, string? value)
        {
            if (value is not { Length: > 0 }) return;
            var isPlain = value.All(c => c is >= ' ' and < '\x7f') && value[0] is not (' ' or ':' or '<') && value[^1] != ' ';
            lines.Append(isPlain ? $"{attribute}: {value}\n" : $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n");
        }
    }
}
