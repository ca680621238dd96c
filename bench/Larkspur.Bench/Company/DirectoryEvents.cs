using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Bench.Running;
using Larkspur.Gateway.Storage;

namespace Larkspur.Bench.Company;

/// <summary>People join, move, leave and are renamed while the platform tells of it; how long until the gateway's rows say so.</summary>
/// <param name="gateway">The gateway and its platforms.</param>
/// <param name="platform">Whose events are waited for.</param>
/// <param name="departments">How many there are.</param>
internal sealed class DirectoryEvents(ReadingGateway gateway, DirectoryPlatform platform, int departments)
{
    private const string Look = """
        SELECT c.id, c.kind, c.item, m.user_id, d.custom_id FROM directory_change c
        LEFT JOIN directory_member m ON m.directory = c.directory AND m.member_key = c.item
        LEFT JOIN directory_department d ON d.directory = c.directory AND d.dept_key = c.item
        WHERE c.run = 0 AND c.id > $1 AND c.directory = (SELECT id FROM directory WHERE platform = $2)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Makes the changes, one after another.</summary>
    /// <param name="first">Number of the first one: nobody is changed twice.</param>
    /// <param name="count">How many.</param>
    /// <param name="pause">From the beginning of one to that of the next; zero: as fast as they are made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Milliseconds from the beginning of each change to when the database shows it, sorted.</returns>
    /// <exception cref="BenchException">One did not show.</exception>
    public async Task<double[]> RunAsync(int first, int count, TimeSpan pause, CancellationToken cancellation)
    {
        var from = await gateway.Database.ReadAsync(async sql => await sql.NumberAsync(
            "SELECT COALESCE(MAX(id), 0) FROM directory_change"), cancellation) ?? 0;
        var waiting = new Dictionary<(string Kind, string Id), Change>();
        var delays = new List<double>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var making = MakeAsync(waiting, first, count, pause, end.Token);
        for (var begun = Stopwatch.GetTimestamp(); delays.Count < count; await Task.Delay(5, cancellation))
        {
            if (making.IsFaulted) await making;
            var seen = await gateway.Database.ReadAsync(sql => sql.QueryAsync(Look, static row => (Id: row.GetInt64(0),
                Kind: row.GetString(1), Ids: (string?[])[row.GetString(2), row.Text(3), row.Text(4)]), from, platform.Name), cancellation);
            var at = Stopwatch.GetTimestamp();
            lock (waiting)
            {
                foreach (var change in seen.SelectMany(s => s.Ids.OfType<string>(), (s, id) => waiting.GetValueOrDefault((s.Kind, id))))
                {
                    if (change is not { IsSeen: false }) continue;
                    change.IsSeen = true;
                    delays.Add(Stopwatch.GetElapsedTime(change.At, at).TotalMilliseconds);
                }
            }

            if (Stopwatch.GetElapsedTime(begun) > Patience + (pause * count))
                throw new BenchException($"{delays.Count} of {count} changes show on {platform.Name}, and no more");
        }

        await making;
        delays.Sort();
        return [.. delays];
    }

    private async Task MakeAsync(Dictionary<(string, string), Change> waiting, int first, int count, TimeSpan pause,
        CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var (kind, method, path, body, ids) = Nth(first + i);
            var due = (pause * i) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.Zero) await Task.Delay(due, cancellation);
            var change = new Change(Stopwatch.GetTimestamp());
            lock (waiting) foreach (var id in ids) waiting[(kind, id)] = change;
            var answer = await gateway.ControlAsync(method, path, body, cancellation);
            lock (waiting) foreach (var id in DirectoryPlatform.IdsOf(answer)) waiting[(kind, id)] = change;
        }
    }

    /// <summary>Of ten: three move, two join, two leave, two have another name, one department has another name; where names are not told,
    /// they move instead.</summary>
    private (string Kind, HttpMethod Method, string Path, object Body, string[] Ids) Nth(int n)
    {
        var number = ((n * 16) + 11).ToString(CultureInfo.InvariantCulture);
        var (person, department) = ("fill" + number, $"fill-d{1 + (n % departments)}");
        var path = "people/" + person;
        return (n % 10, platform.TellsNames) switch
        {
            (3 or 4, _) => ("joined", HttpMethod.Post, "people", new
            {
                user_id = $"new{n}", name = $"新人{n}", departments = (string[])[department],
            }, [$"new{n}"]),
            (5 or 6, _) => ("left", HttpMethod.Delete, path, new { }, [person]),
            (7 or 8, true) => ("changed", HttpMethod.Patch, path, new { name = $"改名{n}" }, [person]),
            (9, true) => ("department_changed", HttpMethod.Patch, "departments/" + department, new { name = $"新部门{n}" }, [department]),
            _ => ("changed", HttpMethod.Patch, path, new { departments = (string[])[department, $"fill-d{1 + ((n + 500) % departments)}"] },
                [person]),
        };
    }

    private sealed class Change(long at)
    {
        public long At => at;

        public bool IsSeen { get; set; }
    }
}
