using System.Globalization;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.Tables.Files;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary>Sends the rows of a file, some hundred at a time. A call that was lost is made again: what it wrote is found by its
/// key.</summary>
internal sealed class ImportWork(VerbCall call, ImportSheet sheet, ImportOptions options, CellText text)
{
    private const int RowsOfACall = 500;
    private const int MostTries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly ImportReport _report = new();

    /// <summary>Sends them all.</summary>
    /// <exception cref="CallFailure">The gateway refused all of a call, or does not answer.</exception>
    public async Task<ImportReport> RunAsync(IRowFile file, Action<long> progress)
    {
        var batch = new List<(FileRow Row, JsonObject Values)>();
        foreach (var row in file.Read().Skip(1).Where(row => row.HasContent))
        {
            call.Cancellation.ThrowIfCancellationRequested();
            _report.Rows++;
            var (values, problems) = sheet.Read(row, text, options.ClearEmpty);
            if (problems.Count == 0 && KeyProblem(row) is { } problem) problems.Add(problem);
            if (problems.Count == 0) batch.Add((row, values));
            else Refuse(problems);
            if (batch.Count < RowsOfACall) continue;
            await SendAsync(batch);
            progress(_report.Rows);
            batch.Clear();
        }

        if (batch.Count > 0) await SendAsync(batch);
        progress(_report.Rows);
        return _report;
    }

    private ImportProblem? KeyProblem(FileRow row)
    {
        var (key, column) = (row[sheet.KeyColumn], FileRow.Letters(sheet.KeyColumn));
        if (key.Length == 0) return new(row.Number, column, sheet.Key.Name, Words.Of("the key is missing.", "缺少键。"));
        return _keys.TryAdd(key, row.Number) ? null : new(row.Number, column, sheet.Key.Name,
            Words.Of($"row {_keys[key]} has the same key.", $"与第 {_keys[key]} 行的键相同。"));
    }

    private async Task SendAsync(List<(FileRow Row, JsonObject Values)> batch)
    {
        var body = new JsonObject
        {
            ["key_field"] = sheet.Key.Id, ["existing"] = "update", ["dry_run"] = options.DryRun, ["new_options"] = options.NewOptions,
            ["rows"] = new JsonArray([.. batch.Select(row => (JsonNode)new JsonObject { ["fields"] = row.Values })]),
        }.ToJsonString();
        var answer = await SendAsync(body);
        foreach (var row in answer.Rows) Note(batch[(int)row.Index].Row, row, answer.Stopped);
        if (answer.Stopped is not { } stopped) return;
        throw new CallFailure(ExitCodes.NoAnswer, Words.Of(
            $"{stopped.Message} ({stopped.Error}). Rows up to {batch[^1].Row.Number} may be written in part; run it again, "
                + "nothing is made twice.",
            $"{stopped.MessageZh ?? stopped.Message}（{stopped.Error}）。第 {batch[^1].Row.Number} 行及之前可能只写入了一部分；请重新运行，不会重复创建。"));
    }

    private async Task<RowsView> SendAsync(string body)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var json = await call.Gateway.UploadAsync(RecordVerbs.Path(options.Base, options.Table),
                    new StringContent(body, Encoding.UTF8, "application/json"), call.Cancellation);
                return json.Deserialize<RowsView>() ?? throw new FormatException("The answer is empty.");
            }
            catch (CallFailure failure) when (tries < MostTries && (failure.MayPass || failure.Word is "conflict" or "rate_limited"))
            {
                await Task.Delay(Pause * tries, TimeProvider.System, call.Cancellation);
            }
        }
    }

    private void Note(FileRow row, RowView result, StopView? stopped)
    {
        switch (result.Outcome)
        {
            case "created": _report.Created++; break;
            case "updated": _report.Updated++; break;
            case "unchanged": _report.Unchanged++; break;
            default:
                if (result.Problems is { Count: > 0 } problems) Refuse([.. problems.Select(p => new ImportProblem(row.Number,
                    sheet.ColumnOf(p.Field), p.Field, $"{Words.Of(p.Message, p.MessageZh)} ({p.Reason})"))]);
                else if (stopped is null) Refuse([new ImportProblem(row.Number, null, null,
                    Words.Of($"it was not written ({result.Outcome}): too many rows were refused.", $"没有写入（{result.Outcome}）：被拒绝的行过多。"))]);
                else _report.Refused++;
                break;
        }
    }

    private void Refuse(IReadOnlyList<ImportProblem> problems)
    {
        _report.Refused++;
        _report.Problems.AddRange(problems);
    }
}
