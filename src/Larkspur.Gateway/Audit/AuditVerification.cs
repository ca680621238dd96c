using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Audit;

/// <summary>Reads the audit log from its first line to its last and says whether it is as it was written.</summary>
internal sealed class AuditVerification(IDatabase database, AuditChain chain, HeadRecorder kept)
{
    private const int Page = 500;

    /// <summary>While it reads, old lines may be forgotten; then it begins again.</summary>
    private const int MostRuns = 3;

    /// <summary>Lines, from the oldest on.</summary>
    /// <param name="noted">A head that was noted earlier (<c>LINE:SEAL</c>): it must still be in the log. Null: none.</param>
    /// <param name="newest">Only so many of the newest lines; null: all.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<AuditVerdict> VerifyAsync(NotedHead? noted = null, int? newest = null, CancellationToken cancellation = default)
    {
        for (var run = 1; ; run++)
        {
            var ends = await EndsAsync(cancellation);
            var verdict = await JudgeAsync(ends, noted, newest, cancellation);
            if (verdict.Flaw is null || run == MostRuns
                || (await EndsAsync(cancellation)).State?.Pruned == ends.State?.Pruned) return verdict;
        }
    }

    private async Task<AuditVerdict> JudgeAsync(Ends ends, NotedHead? noted, int? newest, CancellationToken cancellation)
    {
        var (state, known) = (ends.State, ends.Known);
        if (state is not { Key.Length: > 0 }) return new AuditVerdict(0, 0, 0, "", AuditFlaw.NoChain());
        var verdict = new AuditVerdict(0, state.Pruned, state.Last, state.Head, null);
        if (chain.Seals is not { } seals) return verdict with { Flaw = AuditFlaw.NoKey() };
        if (await kept.JudgeAsync(cancellation) is { } other) return verdict with { Flaw = other };
        if (ends.Before is { } early) return verdict with { Flaw = AuditFlaw.Inserted(early) };

        var (at, seal) = newest is { } some ? await FromAsync(state, some, cancellation) : (state.Pruned, state.Anchor);
        var begin = at;
        var count = 0L;
        var isNoted = noted is null || noted.Line <= at;
        while (true)
        {
            var lines = await database.ReadAsync(sql => sql.QueryAsync(AuditChain.Select("id > $1 AND id <= $2 ORDER BY id LIMIT $3"),
                AuditTrail.Line, at, state.Last, Page), cancellation);
            foreach (var line in lines)
            {
                if (line.Seal is null) return Found(AuditFlaw.Unsealed(line.Id));
                if (!AuditSeals.IsSame(line.Seal, seals.Of(seal, line))) return Found(AuditFlaw.Unfit(line.Id, at));
                if (line.Id == known.Line && !AuditSeals.IsSame(known.Seal, line.Seal)) return Found(AuditFlaw.OtherHead(line.Id));
                if (noted?.Line == line.Id)
                {
                    if (!AuditSeals.IsSame(noted.Seal, line.Seal)) return Found(AuditFlaw.OtherHead(line.Id));
                    isNoted = true;
                }

                (at, seal) = (line.Id, line.Seal);
                count++;
            }

            if (lines.Count < Page) break;
        }

        if (at < state.Last) return Found(AuditFlaw.Missing(at + 1, state.Last));
        if (ends.After is { } late) return Found(state.Handed >= late && !seals.Fits(state) ? AuditFlaw.Cut(state.Last)
            : AuditFlaw.Unsealed(late));
        if (known.Line > state.Last) return Found(AuditFlaw.Missing(state.Last + 1, known.Line));
        if (!AuditSeals.IsSame(seal, state.Head) || !seals.Fits(state)) return Found(AuditFlaw.Cut(state.Last));
        if (!state.Ready) return Found(AuditFlaw.Unsealed(state.Last));
        if (!isNoted) return Found(AuditFlaw.Missing(state.Last + 1, noted!.Line));
        return Found(null);

        AuditVerdict Found(AuditFlaw? flaw) => verdict with { Lines = count, Pruned = begin, Flaw = flaw };
    }

    /// <summary>All at one moment; what this process knows of the end is read before.</summary>
    private async Task<Ends> EndsAsync(CancellationToken cancellation)
    {
        var known = chain.Newest;
        return await database.ReadAsync(sql => sql.FirstAsync($"""
            SELECT (SELECT MIN(id) FROM audit WHERE id <= c.pruned), (SELECT MIN(id) FROM audit WHERE id > c.last), {AuditChain.Columns} FROM audit_chain AS c WHERE c.id = 1
            """, row => new Ends(row.IsDBNull(0) ? null : row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), AuditChain.Read(row, 2), known)), cancellation) ?? new Ends(null, null, null, known);
    }

    /// <summary>The line before the newest ones, and its seal.</summary>
    private async Task<(long At, string Seal)> FromAsync(ChainState state, int newest, CancellationToken cancellation) =>
        await database.ReadAsync(sql => sql.FirstAsync(
            "SELECT id, seal FROM audit WHERE id <= $1 AND seal IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET $2",
            static row => ((long, string)?)(row.GetInt64(0), row.GetString(1)), state.Last, newest), cancellation)
        ?? (state.Pruned, state.Anchor);

    /// <param name="Before">A line where all are forgotten; null: none.</param>
    /// <param name="After">A line behind the last; null: none.</param>
    /// <param name="State">The chain's row; null: it is gone.</param>
    /// <param name="Known">The newest line that this process knows.</param>
    private sealed record Ends(long? Before, long? After, ChainState? State, (long Line, string Seal) Known);
}

/// <summary>What became of the audit log.</summary>
/// <param name="Lines">Lines that were looked at and fit.</param>
/// <param name="Pruned">They come after this one.</param>
/// <param name="Last">The last line of the chain.</param>
/// <param name="Seal">Its seal.</param>
/// <param name="Flaw">The first thing that does not fit; null: all does.</param>
internal sealed record AuditVerdict(long Lines, long Pruned, long Last, string Seal, AuditFlaw? Flaw)
{
    /// <summary>The head as it is noted and given back: <c>LINE:SEAL</c>.</summary>
    public string Head => NotedHead.Text(Last, Seal);
}

/// <summary>A head that somebody noted.</summary>
internal sealed record NotedHead(long Line, string Seal)
{
    private const int SealLength = 64;

    public static string Text(long line, string seal) => string.Create(CultureInfo.InvariantCulture, $"{line}:{seal}");

    /// <summary>Reads one; null: it is none.</summary>
    public static NotedHead? Read(string text) => text.Split(':') is [var line, { Length: SealLength } seal]
        && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? new NotedHead(id, seal) : null;
}

/// <summary>What does not fit.</summary>
/// <param name="Word">For programs: <c>changed</c>, <c>unsealed</c>, <c>missing</c>, <c>inserted</c>, <c>cut</c>, <c>other_head</c>,
/// <c>no_key</c>, <c>no_chain</c>, <c>begun_anew</c>, <c>kept_head</c>.</param>
/// <param name="Line">The first line that does not fit; null: none in particular.</param>
/// <param name="Sentence">For people.</param>
internal sealed record AuditFlaw(string Word, long? Line, LocalText Sentence)
{
    public static AuditFlaw Unfit(long line, long after) => new("changed", line, AuditFlawTexts.LineDoesNotFitItsSealItWas(line, after));

    public static AuditFlaw Unsealed(long line) => new("unsealed", line, AuditFlawTexts.LineIsNotPartChainGatewayDid(line));

    public static AuditFlaw Missing(long from, long to) => new("missing", from, from == to
        ? AuditFlawTexts.LineIsMissing(from)
        : AuditFlawTexts.LinesToAreMissing(from, to));

    public static AuditFlaw Inserted(long line) => new("inserted", line, AuditFlawTexts.LineWasForgottenLongAgoAndIs(line));

    public static AuditFlaw Cut(long last) => new("cut", last, AuditFlawTexts.SealEndAtLineDoesNotFitLines(last));

    public static AuditFlaw OtherHead(long line) => new("other_head", line, AuditFlawTexts.LineHasAnotherSealThanItHad(line));

    public static AuditFlaw BegunAnew(long line) => new("begun_anew", null, AuditFlawTexts.AuditLogWasBegunAnewHeadWas(line));

    public static AuditFlaw KeptUnreadable(string path) => new("kept_head", null, AuditFlawTexts.KeptHeadAuditLogCannotBe(path));

    public static AuditFlaw NoKey() => new("no_key", null, AuditFlawTexts.KeyAuditLogCannotBeOpened);

    public static AuditFlaw NoChain() => new("no_chain", null, AuditFlawTexts.TableAuditChainHasLostItsRow);
}
