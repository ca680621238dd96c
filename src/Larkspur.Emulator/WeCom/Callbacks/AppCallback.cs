namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>One message or event of the application, as it is before encryption.</summary>
internal sealed record AppCallback
{
    /// <summary>The <c>MsgType</c> of a message, the <c>Event</c> of an event.</summary>
    public required string Type { get; init; }
    /// <summary>Who did it: a userid, or <c>sys</c>; empty where the platform names nobody.</summary>
    public required string From { get; init; }
    public required bool IsMessage { get; init; }
    /// <summary>64 bits in decimal, for messages; what an event is known by in the inspector.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary>Writes what is special to its type.</summary>
    public required Action<CallbackXml> Fields { get; init; }
    /// <summary>The card that was used: what an answer may change.</summary>
    public string? CardMsgId { get; init; }

    public string Plain(string corpId, int agentId)
    {
        var xml = new CallbackXml().Text("ToUserName", corpId);
        if (From.Length > 0) xml.Text("FromUserName", From);
        xml.Number("CreateTime", Time.ToUnixTimeSeconds()).Text("MsgType", IsMessage ? Type : "event");
        if (!IsMessage) xml.Text("Event", Type);
        Fields(xml);
        if (IsMessage && long.TryParse(Id, out var number)) xml.Number("MsgId", number);
        if (From.Length > 0) xml.Number("AgentID", agentId);
        return xml.ToString();
    }
}
