using System.Diagnostics.Metrics;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Assistant;

/// <summary>What the assistant counts.</summary>
internal sealed class AssistantMetrics
{
    private readonly Counter<long> _ended;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _backendFailed;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _masked;
    private readonly Counter<long> _files;
    private readonly Counter<long> _pictures;
    private readonly Histogram<double> _first;
    private readonly Histogram<double> _whole;

    public AssistantMetrics(Meter meter, RunningTurns running)
    {
        _ended = meter.CreateCounter<long>("larkspur_assistant_turns_total", description: "Questions that reached their end, by platform, route, backend, ending and reason.");
        _refused = meter.CreateCounter<long>("larkspur_assistant_refused_total", description: "Questions that were not put to a backend, by reason.");
        _backendFailed = meter.CreateCounter<long>("larkspur_assistant_backend_failures_total", description: "Times that a backend gave no answer, or not the whole of it.");
        _verdicts = meter.CreateCounter<long>("larkspur_assistant_verdicts_total", description: "Verdicts of readers: helpful, unhelpful.");
        _masked = meter.CreateCounter<long>("larkspur_masked_total", description: "Pieces of personal data that were masked, by kind and direction (asked, answered).");
        _files = meter.CreateCounter<long>("larkspur_assistant_files_total", description: "Files of questions that were read, or not, by platform and outcome.");
        _pictures = meter.CreateCounter<long>("larkspur_assistant_pictures_total",
            description: "Pictures that backends made for answers, by platform and outcome: shown, or why not.");
        _first = meter.CreateHistogram("larkspur_assistant_first_text_seconds", "s", "From the asking of the backend to its first text.", advice: Buckets.Latency);
        _whole = meter.CreateHistogram("larkspur_assistant_answer_seconds", "s", "From the beginning of a turn to its whole answer.", advice: Buckets.Latency);
        meter.CreateObservableGauge("larkspur_assistant_running", () => running.Count, description: "Answers that this process writes now.");
    }

    public void Ended(Turn turn, TurnResult result) => _ended.Add(1, new("platform", turn.Platform), new("route", turn.Route), new("backend", result.Backend ?? ""), new("ending", result.Ending), new("reason", result.Reason ?? ""));

    public void Answered(Turn turn, string backend, TimeSpan? first, TimeSpan whole)
    {
        var tag = new KeyValuePair<string, object?>("backend", backend);
        if (first is { } waited) _first.Record(waited.TotalSeconds, tag);
        _whole.Record(whole.TotalSeconds, tag);
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void BackendFailed(string backend, AssistantFailure failure) => _backendFailed.Add(1, new("backend", backend), new("failure", failure.ToString().ToLowerInvariant()));

    public void Masked(Masking.MaskCounts counts, string direction)
    {
        foreach (var (kind, count) in counts.ByName) _masked.Add(count, new("kind", kind), new("direction", direction));
    }

    public void FileRead(string platform, string outcome) => _files.Add(1, new("platform", platform), new("outcome", outcome));

    public void PictureMade(string platform, string outcome) => _pictures.Add(1, new("platform", platform), new("outcome", outcome));

    public void Rated(bool helpful) => _verdicts.Add(1, new KeyValuePair<string, object?>("verdict", helpful ? "helpful" : "unhelpful"));
}
