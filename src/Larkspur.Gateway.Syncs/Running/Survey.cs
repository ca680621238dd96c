using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>What was found of two sides that meet for the first time: nothing is written before a person has seen it.</summary>
internal sealed record SurveyReport
{
    public const int MostExamples = 20;

    private static readonly JsonSerializerOptions Form =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long TableRows { get; init; }

    public long SourceRows { get; init; }

    /// <summary>Rows that both sides have with the same values.</summary>
    public long Equal { get; init; }

    /// <summary>Rows that both sides have with other values.</summary>
    public long Differing { get; init; }

    public long OnlySource { get; init; }

    public long OnlyTable => TableRows - NoKey - KeyTwice - Equal - Differing;

    /// <summary>Records of the table without a key.</summary>
    public long NoKey { get; init; }

    /// <summary>Records whose key another record has too.</summary>
    public long KeyTwice { get; init; }

    /// <summary>Rows with values that cannot be read as what their field holds.</summary>
    public long Unreadable { get; init; }

    /// <summary>Keys of rows that differ, of rows that only the source has, and records without a key or with one that is there
    /// twice.</summary>
    public IReadOnlyList<SurveyExample> Examples { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, Form);

    public static SurveyReport Read(string? json) => json is null ? new() : JsonSerializer.Deserialize<SurveyReport>(json, Form)!;

    public SurveyReport With(string kind, string item, string? detail = null) =>
        Examples.Count(example => example.Kind == kind) >= MostExamples ? this
            : this with { Examples = [.. Examples, new(kind, item, detail)] };
}

/// <summary>One row of which the report speaks.</summary>
internal sealed record SurveyExample(string Kind, string Item, string? Detail);

/// <summary>Reads both sides from end to end, page by page, and notes which rows meet. It goes on where it stopped.</summary>
internal sealed class Survey(SyncSession session)
{
    /// <summary>Reads a part of the table.</summary>
    public async Task TableAsync(CancellationToken cancellation)
    {
        var after = session.Row.PhaseAfter;
        if (after is null) await BeginAsync(cancellation);
        await foreach (var page in session.Table.ScanAsync(after, cancellation))
        {
            await session.MaySendAsync(cancellation);
            await session.WriteAsync(async unit =>
            {
                var report = SurveyReport.Read((await SyncRecord.FindAsync(unit, session.Id))!.Survey);
                foreach (var row in page.Rows) report = await FoundAsync(unit, row, report);
                await SyncProgress.SurveyAsync(unit, session.Id, report.ToJson());
                await SyncProgress.PhaseAsync(unit, session.Id, Phases.SurveyTable, page.After ?? after);
                await SyncRuns.AddAsync(unit, await session.RunAsync(unit), new(ReadRows: page.Rows.Count));
            }, cancellation);
        }

        await session.WriteAsync(unit => SyncProgress.PhaseAsync(unit, session.Id, Phases.SurveySource, null), cancellation);
    }

    /// <summary>Reads a part of the source.</summary>
    public async Task SourceAsync(CancellationToken cancellation)
    {
        var after = session.Row.PhaseAfter;
        await foreach (var page in session.Source.ScanAsync(after, cancellation))
        {
            await session.MaySendAsync(cancellation);
            await session.WriteAsync(async unit =>
            {
                var report = SurveyReport.Read((await SyncRecord.FindAsync(unit, session.Id))!.Survey);
                var known = (await RowStore.MarksAsync(unit, session.Dialect, session.Id, SideName.Source, page.Rows.Select(row => row.Id)))
                    .ToDictionary(mark => mark.Item, StringComparer.Ordinal);
                foreach (var row in page.Rows) report = Meeting(row, known, report);
                await SyncProgress.SurveyAsync(unit, session.Id, report.ToJson());
                await SyncProgress.PhaseAsync(unit, session.Id, Phases.SurveySource, page.After ?? after);
                await SyncRuns.AddAsync(unit, await session.RunAsync(unit), new(ReadRows: page.Rows.Count));
            }, cancellation);
        }

        await session.WriteAsync(unit => SyncProgress.PhaseAsync(unit, session.Id,
            session.Row.Scan == Starting ? Phases.CopySource : Phases.Ready, null), cancellation);
    }

    /// <summary>A person said that it begins: the survey is made anew and the copy begins after it.</summary>
    public const string Starting = "start";

    /// <summary>What changes while it is read is told from here on.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        var source = await session.Source.NewsAsync(null, cancellation);
        var table = await session.Table.NewsAsync(null, cancellation);
        await session.WriteAsync(async unit =>
        {
            await RowStore.ForgetFoundAsync(unit, session.Id);
            await SyncProgress.SurveyAsync(unit, session.Id, new SurveyReport().ToJson());
            await SyncProgress.NewsAsync(unit, session.Id, source?.Cursor, table?.Cursor, session.Now);
        }, cancellation);
    }

    private async ValueTask<SurveyReport> FoundAsync(IUnitOfWork unit, SideRow row, SurveyReport report)
    {
        report = report with { TableRows = report.TableRows + 1 };
        if (row.Unreadable.Count > 0) report = (report with { Unreadable = report.Unreadable + 1 }).With("unreadable", row.Id);
        if (session.Map.KeyOf(row.Values) is not { } key)
            return (report with { NoKey = report.NoKey + 1 }).With(Problems.NoKey, row.Id);
        if (await RowStore.FindAsync(unit, session.Id, key, row.Id, session.Map.HashOf(row.Values))) return report;
        var known = await RowStore.MarksAsync(unit, session.Dialect, session.Id, SideName.Table, [row.Id]);
        // A record may come twice when the table is changed while it is read.
        return known.Count > 0 ? report with { TableRows = report.TableRows - 1 }
            : (report with { KeyTwice = report.KeyTwice + 1 }).With(Problems.KeyTwice, row.Id, key);
    }

    private SurveyReport Meeting(SideRow row, Dictionary<string, RowMark> known, SurveyReport report)
    {
        report = report with { SourceRows = report.SourceRows + 1 };
        if (row.Unreadable.Count > 0) report = (report with { Unreadable = report.Unreadable + 1 }).With("unreadable", row.Id);
        if (!known.TryGetValue(row.Id, out var mark))
            return (report with { OnlySource = report.OnlySource + 1 }).With("only_source", row.Id);
        return mark.Hash == session.Map.HashOf(row.Values) ? report with { Equal = report.Equal + 1 }
            : (report with { Differing = report.Differing + 1 }).With("differing", row.Id);
    }
}
