namespace Larkspur.Feishu.Events;

/// <summary>Every catalogued event and callback type.</summary>
public static partial class FeishuEvents
{
    private static readonly Lazy<IReadOnlyList<FeishuEventFact>> Known = new(() => Array.AsReadOnly(Facts()));

    /// <summary>The event types, by wire name.</summary>
    public static IReadOnlyList<FeishuEventFact> All => Known.Value;
}

/// <summary>One event or callback type.</summary>
/// <param name="EventType">Wire name, e.g. <c>im.message.receive_v1</c>.</param>
/// <param name="Schema">Schema of its envelope: <c>2.0</c> or <c>1.0</c>.</param>
/// <param name="Record">Its record: generated, but for the few that the SDK's runtime has by hand.</param>
/// <param name="IsCallback">Its answer has a body.</param>
/// <param name="IsDeprecated">The platform documents it as historic.</param>
/// <param name="ScopeText">The scopes, separated by blanks.</param>
public sealed record FeishuEventFact(string EventType, string Schema, Type Record, bool IsCallback, bool IsDeprecated, string ScopeText)
{
    /// <summary>Scopes of which any one lets the app receive the event.</summary>
    public IReadOnlyList<string> Scopes => ScopeText.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
