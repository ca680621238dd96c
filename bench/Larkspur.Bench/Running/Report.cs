using System.Globalization;
using System.Text.Json;

namespace Larkspur.Bench.Running;

/// <summary>Figures for people on the console, and the same ones for programs.</summary>
internal sealed class Report(string benchmark, BenchOptions options)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly SortedDictionary<string, double> _figures = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private IReadOnlyList<KeyValuePair<string, string>> _machine = [];

    /// <summary>Says on what machine this runs.</summary>
    public async Task MachineAsync(CancellationToken cancellation)
    {
        _machine = await Machine.DescribeAsync(cancellation);
        Say($"larkspur bench {benchmark} --seconds {Number(options.Seconds)} --rounds {options.Rounds} --connections {options.Connections}");
        foreach (var (what, value) in _machine) Say($"  {what,-9} {value}");
        Say("");
    }

    /// <summary>A line on the console.</summary>
    public static void Say(string line) => Console.WriteLine(line);

    /// <summary>A line that also belongs to the result.</summary>
    public void Note(string line)
    {
        _notes.Add(line);
        Say(line);
    }

    /// <summary>Keeps a figure for the file, under a dotted name that ends in its unit.</summary>
    public void Figure(string name, double value) => _figures[name] = value;

    /// <summary>A table; the first column is left-aligned, the others are figures.</summary>
    public static void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> all = [heads, .. rows];
        var widths = heads.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all) Say(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        Say("");
    }

    public async Task SaveAsync(FileInfo file, CancellationToken cancellation)
    {
        var content = new { benchmark, options, machine = _machine.ToDictionary(), figures = _figures, notes = _notes };
        try
        {
            await File.WriteAllBytesAsync(file.FullName, JsonSerializer.SerializeToUtf8Bytes(content, Indented), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"the figures cannot be written to {file.FullName}: {e.Message}");
        }
    }

    /// <summary>A figure with as many digits as it deserves.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "-",
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
