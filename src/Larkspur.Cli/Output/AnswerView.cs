using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Output;

/// <summary>An answer for people whatever is in it: its members a line each, below them what it has several of as tables.</summary>
internal static class AnswerView
{
    private const int MostColumns = 8;

    /// <summary>The whole answer; for programs as it came.</summary>
    public static int Print<T>(VerbCall call, T answer)
    {
        if (call.Json) JsonOut.Write(answer);
        else PrintObject(JsonSerializer.SerializeToElement(answer));
        return ExitCodes.Done;
    }

    /// <summary>A sentence for people; for programs the answer, or that it is done where there is none.</summary>
    public static int Say<T>(VerbCall call, T answer, string sentence)
    {
        if (!call.Json) Console.Out.WriteLine(Printable.Line(sentence));
        else if (answer is null or JsonElement { ValueKind: JsonValueKind.Undefined }) JsonOut.Write(new { done = true });
        else JsonOut.Write(answer);
        return ExitCodes.Done;
    }

    private static void PrintObject(JsonElement answer)
    {
        var members = answer.EnumerateObject().ToList();
        DetailView.Print([.. members.Where(m => !IsTable(m.Value)).SelectMany(Lines)]);
        foreach (var table in members.Where(m => IsTable(m.Value)))
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(Printable.Line(Words(table.Name)));
            PrintTable([.. table.Value.EnumerateArray()]);
        }
    }

    private static IEnumerable<(string, string?)> Lines(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Object
        ? member.Value.EnumerateObject().Select(inner => ($"{Words(member.Name)} {Words(inner.Name)}", Text(inner.Value)))
        : [(Words(member.Name), Text(member.Value))];

    private static void PrintTable(List<JsonElement> rows)
    {
        var names = rows.SelectMany(r => r.EnumerateObject().Where(m => Text(m.Value) is { Length: > 0 }).Select(m => m.Name))
            .Distinct(StringComparer.Ordinal).Take(MostColumns);
        ListView.Write(rows,
            [.. names.Select(name =>
            new Column<JsonElement>(Words(name), row => row.TryGetProperty(name, out var value) ? Text(value) : null))]);
    }

    private static bool IsTable(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        && value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object);

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number => value.GetDouble().ToString("#,0.###", CultureInfo.InvariantCulture),
        JsonValueKind.String => IsTime(value, out var at) ? LocalTime.Exact(at) : value.GetString(),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => JsonOut.Text(value),
    };

    /// <summary>An instant with its zone: a word that looks like a date stays what it is.</summary>
    private static bool IsTime(JsonElement value, out DateTimeOffset at) =>
        value.TryGetDateTimeOffset(out at) && value.GetString() is { Length: > 19 } text && text[10] == 'T';

    private static string Words(string name) => name.Replace('_', ' ');
}
