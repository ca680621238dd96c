using System.Diagnostics;
using Larkspur.Gateway.Redaction;
using global::OpenTelemetry;

namespace Larkspur.Gateway.Telemetry.OpenTelemetry;

/// <summary>
/// Takes secrets out of spans before they are exported. Spans tell ids and words of ours (<see cref="SpanTags"/>); an id may come from
/// outside all the same.
/// </summary>
internal sealed class RedactingSpans(SecretRegistry secrets) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        List<(string Name, string Hidden)>? changed = null;
        foreach (ref readonly var tag in data.EnumerateTagObjects())
        {
            if (tag.Value is string text && secrets.Hide(text) is var hidden && !ReferenceEquals(text,
                hidden)) (changed ??= []).Add((tag.Key, hidden));
        }

        foreach (var (name, hidden) in changed ?? []) data.SetTag(name, hidden);
        if (data.StatusDescription is { } status && secrets.Hide(status) is var told && !ReferenceEquals(status,
            told)) data.SetStatus(data.Status, told);
        var shown = secrets.Hide(data.DisplayName);
        if (!ReferenceEquals(shown, data.DisplayName)) data.DisplayName = shown;
    }
}
