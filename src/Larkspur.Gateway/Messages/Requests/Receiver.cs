using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message.</summary>
/// <param name="Type">The platform's <c>receive_id_type</c>.</param>
/// <param name="Id">The id.</param>
internal sealed record Receiver(string Type, string Id)
{
    private static readonly string[] Types = ["chat_id", "open_id", "union_id", "user_id", "email"];

    /// <summary>Reads <c>"to": {"chat_id": "oc_…"}</c>: exactly one of the five kinds.</summary>
    public static Receiver Read(JsonFields body)
    {
        var to = body.Object("to") ?? throw RequestRefusedException.Malformed("missing", body.At("to"), "\"to\" is missing: who gets it, like {\"chat_id\": \"oc_…\"}.");
        Receiver? receiver = null;
        foreach (var type in Types)
        {
            if (to.Text(type, 254) is not { } id) continue;
            if (receiver is not null) throw RequestRefusedException.Malformed("several_receivers", body.At("to"), "\"to\" names one receiver, in one way.");
            receiver = new Receiver(type, FeishuIds.Check(type, id, to.At(type)));
        }

        to.End();
        return receiver ?? throw RequestRefusedException.Malformed("missing", body.At("to"), $"\"to\" names nobody: give one of {string.Join(", ", Types)}.");
    }
}
