namespace Larkspur.Testing;

/// <summary>One process as Linux lists it under <c>/proc</c>.</summary>
internal sealed record ProcEntry(int Id, char State, int Parent);

/// <summary>Processes that this one did not start itself.</summary>
internal static class ProcEntries
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static IEnumerable<ProcEntry> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Of(id) : null)
        .OfType<ProcEntry>();

    /// <summary>Null when there is none.</summary>
    public static ProcEntry? Of(int id)
    {
        try
        {
            // "123 (a name, with anything in it) S 1 ...": state and parent stand behind the last bracket.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcEntry(id, rest[0][0], int.Parse(rest[1]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits until none of them runs any more.</summary>
    public static async Task GoneAsync(IReadOnlyCollection<int> ids)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (ids.Any(id => Of(id) is { State: not 'Z' }))
        {
            if (!await ticks.WaitForNextTickAsync(bound.Token)) return;
        }
    }
}
