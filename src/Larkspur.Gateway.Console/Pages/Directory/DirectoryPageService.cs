using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rest;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>What the pages ask about the company's directories, and do with them, under the rules of the REST API.</summary>
internal sealed class DirectoryPageService(
    DirectoryEndpoints endpoints, IEnumerable<IDirectoryReader> readers, IDatabase database, RunStore runs, PersonMatches matches,
    DirectorySignal signal)
{
    private const int OnPage = 50;

    /// <summary>An app could read a directory now.</summary>
    public bool CanRead => readers.Any(r => r.Apps.Count > 0);

    /// <summary>Directories that are kept, and platforms whose directory could be read.</summary>
    public Task<IReadOnlyList<DirectoryLine>> DirectoriesAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<DirectoryLine>>(async sql =>
        {
            var lines = new List<DirectoryLine>();
            foreach (var kept in await DirectoryRow.AllAsync(sql))
            {
                var isConnected = readers.Any(r => r.Platform == kept.Platform && r.Apps.Contains(kept.App));
                lines.Add(new(kept.Platform, kept.App, isConnected, kept.CompleteAt, await MemberRow.CountThereAsync(sql, kept.Id)));
            }

            foreach (var reader in readers.OrderBy(r => r.Platform, StringComparer.Ordinal))
            {
                if (reader.Apps is [var first, ..] && !lines.Exists(l => l.Platform == reader.Platform))
                    lines.Add(new(reader.Platform, first, true, null, 0));
            }

            return lines;
        }, cancellation);

    /// <summary>Runs, the newest first.</summary>
    public async Task<IReadOnlyList<RunRow>> RunsAsync(int limit, CancellationToken cancellation) =>
        await database.ReadAsync(sql => RunStore.ListAsync(sql, null, null, limit), cancellation);

    public Task<RunRow?> RunAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(sql => RunStore.FindAsync(sql, id), cancellation);

    /// <summary>Runs that wait for an administrator's answer.</summary>
    public async Task<IReadOnlyList<RunRow>> WaitingAsync(CancellationToken cancellation) =>
        await database.ReadAsync(RunStore.WaitingAsync, cancellation);

    /// <summary>Asks for a run; without a platform for one of each.</summary>
    public Task AskAsync(Actor who, string? platform, string? app, bool dry, CancellationToken cancellation) =>
        endpoints.AskAsync(who, platform, app, dry, cancellation);

    /// <summary>Answers what a run asks.</summary>
    /// <exception cref="ActionRefusedException">It asks nothing any more.</exception>
    public async Task AnswerAsync(Actor who, long run, bool yes, CancellationToken cancellation)
    {
        var (refused, _) = await runs.AnswerAsync(who, run, yes, cancellation);
        if (refused is not null) throw new ActionRefusedException(DirectoryPageTexts.NotWaiting);
        signal.Wake();
    }

    /// <summary>Departments directly below another one; without one those at the top.</summary>
    /// <returns>A page of them, and where the next one begins.</returns>
    public async Task<(IReadOnlyList<DepartmentView> Items, long? Next)> DepartmentsAsync(
        string platform, long? parent, long? after, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(sql =>
            DepartmentList.ReadAsync(sql, platform, null, parent ?? 0, after, OnPage + 1), cancellation);
        return found.Count > OnPage ? (found[..OnPage], found[OnPage - 1].Id) : (found, null);
    }

    public Task<long> CountLinksAsync(CancellationToken cancellation) => database.ReadAsync(PersonMatches.CountOpenAsync, cancellation);

    /// <summary>Pairs who may be one person, the oldest first, and where the next page begins.</summary>
    public Task<(IReadOnlyList<LinkLine> Items, long? Next)> LinksAsync(long after, CancellationToken cancellation) =>
        database.ReadAsync<(IReadOnlyList<LinkLine>, long?)>(async sql =>
        {
            var found = await PersonMatches.OpenAsync(sql, after, OnPage + 1);
            var lines = new List<LinkLine>();
            foreach (var match in found.Take(OnPage))
            {
                // Either may have become part of somebody else meanwhile.
                if (await PersonRows.FindAsync(sql, match.Person) is { } one && await PersonRows.FindAsync(sql, match.Other) is { } other)
                    lines.Add(new LinkLine(match.Id, one, other, match.Reason, match.Value, match.FoundAt));
            }

            return (lines, found.Count > OnPage ? found[OnPage - 1].Id : null);
        }, cancellation);

    /// <summary>Says that pairs are one person each, or two.</summary>
    /// <returns>How many of them waited for it.</returns>
    public async Task<int> DecideAsync(Actor who, IReadOnlyList<long> pairs, bool areOne, CancellationToken cancellation)
    {
        var decided = 0;
        foreach (var pair in pairs)
        {
            if (await matches.DecideAsync(who, pair, areOne, cancellation)) decided++;
        }

        return decided;
    }
}

/// <summary>A directory, or a platform whose directory was never read.</summary>
/// <param name="Platform">Where.</param>
/// <param name="App">Who reads it.</param>
/// <param name="IsConnected">The app could read it now.</param>
/// <param name="CompleteAt">When a run was complete last; null: none was yet.</param>
/// <param name="People">Who is there.</param>
internal sealed record DirectoryLine(string Platform, string App, bool IsConnected, DateTimeOffset? CompleteAt, long People);

/// <summary>Two people who may be one.</summary>
/// <param name="Id">The pair's number.</param>
/// <param name="One">One of them.</param>
/// <param name="Other">The other one.</param>
/// <param name="Reason">The field that both have.</param>
/// <param name="Value">Its value.</param>
/// <param name="FoundAt">When it was noticed.</param>
internal sealed record LinkLine(long Id, KnownPerson One, KnownPerson Other, string Reason, string Value, DateTimeOffset FoundAt);
