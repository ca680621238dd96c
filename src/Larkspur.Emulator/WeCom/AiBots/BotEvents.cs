using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>Events of the AI bot: <c>{"msgtype":"event","event":{"eventtype":…}}</c>.</summary>
internal static class BotEvents
{
    /// <param name="type">The <c>eventtype</c>.</param>
    /// <param name="turn">What can be answered.</param>
    /// <param name="msgId">Of this event.</param>
    /// <param name="detail">Stands under the event's own name, when it holds anything.</param>
    public static BotEvent Of(string type, BotRequest request, string msgId, JsonObject detail) => new(type, true, request, msgId, _ =>
    {
        var happened = new JsonObject { ["eventtype"] = type };
        if (detail.Count > 0) happened[type] = detail.DeepClone();
        return new JsonObject { ["msgtype"] = "event", ["event"] = happened };
    });
}
