using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Operations;

/// <summary>Rows and histories for people: 80 columns hold a list, times are this machine's.</summary>
internal static class BoxView
{
    private const string Indent = "    ";

    public static void PrintList(Box box, IReadOnlyList<JsonElement> rows, bool more)
    {
        if (rows.Count == 0)
        {
            AnsiConsole.WriteLine(more ? "None among the rows looked at; ask for more with --limit." : "None.");
            return;
        }

        var inbox = box == Box.Inbox;
        var table = new Table().Border(TableBorder.None)
            .AddColumn(new TableColumn("ID").RightAligned().NoWrap()).AddColumn(new TableColumn($"Since ({Zone})").NoWrap())
            .AddColumn(new TableColumn("State").NoWrap()).AddColumn(new TableColumn(inbox ? "Event" : "To"))
            .AddColumn(new TableColumn("Tries").RightAligned().NoWrap()).AddColumn("Outcome, reference");
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(Text(row, "id")),
                Markup.Escape(Short(row, inbox ? "received_at" : "created_at")),
                State(Text(row, "status")),
                Markup.Escape(inbox ? $"{Text(row, "event_type")}\n{Text(row, "key")}" : $"{Text(row, "operation")} {Text(row, "message_type")}\n{Text(row, "target")}"),
                Markup.Escape(Text(row, "attempts")),
                Markup.Escape(string.Join('\n', new[] { inbox ? Text(row, "outcome") : "", Text(row, "reason"), Text(row, "reference") }.Where(t => t.Length > 0))));
        }

        AnsiConsole.Write(table);
        if (more) AnsiConsole.WriteLine("There are more; --limit shows more of them.");
    }

    public static void PrintDetails(Box box, JsonElement details)
    {
        var row = details.GetProperty("row");
        AnsiConsole.MarkupLineInterpolated($"[bold]{box.Title} row {Text(row, "id")}[/], times in {Zone}");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        foreach (var member in row.EnumerateObject().Concat(details.EnumerateObject()).Where(m => m.Name is not ("id" or "row" or "history" or "outbox" or "payload" or "payload_base64" or "content")))
        {
            if (Value(member.Value) is { Length: > 0 } value) grid.AddRow(new Text(member.Name.Replace('_', ' ')), new Text(value));
        }

        AnsiConsole.Write(grid);
        foreach (var line in details.GetProperty("history").EnumerateArray()) PrintLine(line);
        if (details.TryGetProperty("outbox", out var outbox))
        {
            foreach (var sent in outbox.EnumerateArray())
                AnsiConsole.MarkupLineInterpolated($"  outbox row {Text(sent, "id")}: {Text(sent, "operation")} {Text(sent, "message_type")} to {Text(sent, "target")}, {Text(sent, "status")} {Text(sent, "reason")}");
        }

        foreach (var name in (string[])["payload", "payload_base64", "content"])
        {
            if (details.TryGetProperty(name, out var body) && body.ValueKind == JsonValueKind.String) AnsiConsole.WriteLine($"  {name}: {Printable.Lines(body.GetString()!)}");
        }
    }

    private static void PrintLine(JsonElement line)
    {
        var attempt = Text(line, "attempt") is { Length: > 0 } number ? $", attempt {number}" : "";
        AnsiConsole.MarkupLineInterpolated($"  {Local(line.GetProperty("at").GetDateTimeOffset())}  [bold]{Text(line, "what")}[/]{attempt} by {Text(line, "who")}");
        if (Text(line, "error") is { Length: > 0 } error) AnsiConsole.WriteLine($"{Indent}{error}: {Text(line, "message")}");
        else if (Text(line, "message") is { Length: > 0 } message) AnsiConsole.WriteLine(Indent + message);
        if (line.GetProperty("stack") is { ValueKind: JsonValueKind.String } stack)
        {
            foreach (var frame in stack.GetString()!.Split('\n')) AnsiConsole.WriteLine(Indent + Printable.Line(frame.TrimEnd('\r')));
        }
    }

    private static string State(string status) => status switch
    {
        "dead" => "[red]dead[/]",
        "open" or "held" => $"[yellow]{status}[/]",
        _ => Markup.Escape(status),
    };

    private static string Short(JsonElement row, string name) =>
        LocalTime.Here(row.GetProperty(name).GetDateTimeOffset()).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Local(DateTimeOffset at) => LocalTime.Here(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The offset now, like +08:00.</summary>
    private static string Zone => LocalTime.Zone(TimeProvider.System.GetUtcNow());

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? Value(value, asTime: false) : "";

    private static string Value(JsonElement value, bool asTime = true) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String when asTime && value.TryGetDateTimeOffset(out var at) => Local(at),
        JsonValueKind.String => Printable.Line(value.GetString()!),
        _ => value.GetRawText(),
    };
}
