using System.Text;
using Larkspur.Cli.Calls;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Larkspur.Cli.Output;

/// <summary>A column of a list.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Text">What stands in it; null or empty: nothing. It is made safe to print here.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text);

/// <summary>Lists: columns for people, one document for programs.</summary>
internal static class ListView
{
    private const int LongestCell = 100;

    public static async Task<int> PrintAsync<T, TCursor>(VerbCall call, PagedList<T, TCursor> pages, params Column<T>[] columns)
    {
        var items = new List<T>();
        await foreach (var item in pages.ReadAsync()) items.Add(item);
        return Print(call, items, pages.More, columns);
    }

    public static int Print<T>(VerbCall call, IReadOnlyList<T> items, bool more, params Column<T>[] columns)
    {
        if (call.Json)
        {
            JsonOut.Write(new { items, more });
            return ExitCodes.Done;
        }

        if (items.Count == 0) Console.Out.WriteLine(more ? "None among those looked at; ask for more with --limit." : "None.");
        else Write(items, columns);
        if (more && items.Count > 0) Console.Out.WriteLine("There are more; --limit shows more of them.");
        return ExitCodes.Done;
    }

    /// <summary>One line for each item, however narrow the terminal is: a cell broken into lines can be neither read nor searched for.</summary>
    public static void Write<T>(IReadOnlyList<T> items, params Column<T>[] columns)
    {
        List<string[]> rows = [[.. columns.Select(c => c.Title)], .. items.Select(item => columns.Select(c => Printable.Short(c.Text(item) ?? "", LongestCell)).ToArray())];
        var widths = columns.Select((_, i) => rows.Max(r => Width(r[i]))).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.Length; i++) line.Append(row[i]).Append(' ', widths[i] - Width(row[i]) + 2);
            Console.Out.WriteLine(line.ToString().TrimEnd());
        }
    }

    /// <summary>Cells of the terminal: a Chinese character takes two.</summary>
    private static int Width(string text) => new Segment(text).CellCount();
}

/// <summary>One thing with its members, a line each.</summary>
internal static class DetailView
{
    /// <summary>Members without a value are left out.</summary>
    public static void Print(params (string Name, string? Value)[] members)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in members.Where(m => m.Value is { Length: > 0 })) grid.AddRow(new Text(name), new Text(Printable.Line(value!)));
        AnsiConsole.Write(grid);
    }
}
