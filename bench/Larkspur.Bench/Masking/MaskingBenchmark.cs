using System.Diagnostics;
using Larkspur.Bench.Running;
using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Tests.Masking;

namespace Larkspur.Bench.Masking;

/// <summary>How well personal data is found in the test set, and how fast text is masked, beside plain expressions.</summary>
internal sealed class MaskingBenchmark : IBenchmark
{
    private const string Prose = "今天的会议改到下午三点，请大家准时参加。The meeting has moved to 3 pm; please be on time. 项目进度 85%，预计 6 月 30 日完成，联系人王芳 13812345678，邮箱 wf@example.com。\n";

    public string Name => "masking";

    public string Summary => "precision and recall on the test set, and characters masked a second, beside one plain expression a kind";

    public Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        var cases = MaskingCases.Read(Repository.Root);
        var masker = new Masker(MaskingPolicy.All);
        var plain = MaskingCases.Score(cases, PlainExpressions.Find);
        Report.Say($"{cases.Count} cases, {cases.Count(static one => one.Spans.Length == 0)} of them without personal data; found means: kind, beginning and end are right");
        Report.Table(["kind", "found", "wrong", "missed", "precision", "recall", "plain precision", "plain recall"], MaskingCases.Score(cases, masker).Zip(plain, (ours, theirs) =>
        {
            report.Figure($"{ours.Kind}.precision", ours.Precision);
            report.Figure($"{ours.Kind}.recall", ours.Recall);
            return (IReadOnlyList<string>)
            [
                ours.Kind, $"{ours.Found}", $"{ours.Wrong.Count}", $"{ours.Missed.Count}", $"{ours.Precision:0.0000}", $"{ours.Recall:0.0000}", $"{theirs.Precision:0.0000}", $"{theirs.Recall:0.0000}",
            ];
        }));

        (string Name, string Text)[] texts =
        [
            ("prose", Repeat(Prose)), ("the test set", Repeat(string.Join('\n', cases.Select(static one => one.Text)) + "\n")), ("digits", Repeat("13812345678")), ("at signs", Repeat("a@")),
        ];
        (string Name, Func<string, int> Work)[] ways =
        [
            ("whole", text => masker.Mask(text).Length), ("stream of 4", text => InPieces(masker, text)), ("plain", static text => PlainExpressions.Mask(text).Length),
        ];
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (name, text) in texts)
        {
            var speeds = Measure(text, ways, options, cancellation);
            foreach (var (way, speed) in ways.Zip(speeds)) report.Figure($"{name.Replace(' ', '_')}.{way.Name.Replace(' ', '_')}.chars_per_second", speed);
            rows.Add([name, .. speeds.Select(Report.Number), Report.Number(speeds[0] / speeds[2])]);
        }

        Report.Table(["characters a second", .. ways.Select(static way => way.Name), "whole / plain"], rows);
        return Task.CompletedTask;
    }

    // The median of interleaved rounds: what disturbs the machine disturbs all ways.
    private static double[] Measure(string text, (string Name, Func<string, int> Work)[] ways, BenchOptions options, CancellationToken cancellation)
    {
        var speeds = ways.Select(_ => new List<double>()).ToArray();
        foreach (var (_, work) in ways) work(text);
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                cancellation.ThrowIfCancellationRequested();
                var characters = 0L;
                var started = Stopwatch.GetTimestamp();
                while (characters == 0 || Stopwatch.GetElapsedTime(started).TotalSeconds < options.Seconds / 10)
                {
                    if (ways[way].Work(text) == 0) throw new BenchException("a text was masked away");
                    characters += text.Length;
                }

                speeds[way].Add(characters / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        return [.. speeds.Select(static all => Statistics.Median(all))];
    }

    private static int InPieces(Masker masker, string text)
    {
        const int Piece = 4;
        var stream = masker.Stream();
        var given = 0;
        for (var at = 0; at < text.Length; at += Piece) given += stream.Append(text.Substring(at, Math.Min(Piece, text.Length - at))).Length;
        return given + stream.End().Length;
    }

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 250_000 / text.Length + 1));
}
