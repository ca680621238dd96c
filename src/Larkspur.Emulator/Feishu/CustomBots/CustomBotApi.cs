using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.CustomBots;

/// <summary>The webhook of custom bots. Every answer is HTTP 200; only <c>code</c> tells what happened.</summary>
internal sealed class CustomBotApi(EmulatorState state, MessageContentReader contents, MessagePost post, RateLimiter limiter) : IApiArea
{
    public const int MostBytes = 20 * 1024;
    public const int PerMinute = 100;
    public const int PerSecond = 5;

    public void Register(ApiHandlers on) => on.AddRaw("bot.v2.hook.send", Send);

    /// <remarks>The order of the checks is UNVERIFIED: who may call comes before what is said.</remarks>
    private ApiAnswer Send(ApiRequest request)
    {
        if (state.CustomBot(request.Path["token"]) is not { } bot || state.Chat(bot.ChatId) is not { Dissolved: false } chat)
        {
            return No(19001, "param invalid: incoming webhook access token invalid");
        }

        if (!AddressRange.AnyHolds(bot.AllowedAddresses, request.Remote)) return No(19022, "Ip Not Allowed");
        if (request.Raw.Length > MostBytes) return No(19036, "The message exceeds the size limit");
        if (Parse(request.Raw) is not { } body) return No(9499, "Bad Request");
        if (bot.Secret is { } secret && !CustomBotSign.Fits(secret, body["timestamp"], body["sign"], state.Clock.GetUtcNow()))
        {
            return No(19021, "sign match fail or timestamp is not within one hour from current time");
        }

        if (body["msg_type"] is null) return No(19002, "params error, msg_type need");
        if (PlainContent.Read(body) is not { } message) return No(9499, "Bad Request");
        if (bot.Keywords.Length > 0 && !bot.Keywords.Any(k => Says(JsonNode.Parse(message.Content), k))) return No(19024, "Key Words Not Found");
        if (!limiter.TryPass("hook/" + bot.Token, PerSecond) || !limiter.TryPass("hook/" + bot.Token, PerMinute, 60)) return No(11232, "create message service trigger rate limit");
        var reading = contents.Read(ContentAuthor.Anybody, message.MsgType, message.Content, out var refusal);
        if (reading is null) return refusal!.Code == 230099 ? No(11246, refusal.Detail ?? "Create message content fail.") : No(9499, "Bad Request");
        post.Post(new Draft { Chat = chat, SenderKind = SenderKind.App, SenderId = bot.SenderId, MsgType = message.MsgType, Content = message.Content, Reading = reading });
        return new ApiAnswer
        {
            Json = new JsonObject { ["StatusCode"] = 0, ["StatusMessage"] = "success", ["code"] = 0, ["data"] = new JsonObject(), ["msg"] = "success" },
        };
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> raw)
    {
        try
        {
            return StrictJson.Parse(raw.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A keyword may stand in any text of the message.</summary>
    private static bool Says(JsonNode? node, string keyword) => node switch
    {
        JsonObject o => o.Any(m => Says(m.Value, keyword)),
        JsonArray a => a.Any(i => Says(i, keyword)),
        JsonValue v when v.TryGetValue<string>(out var text) => text.Contains(keyword, StringComparison.Ordinal),
        _ => false,
    };

    private static ApiAnswer No(long code, string msg) => new() { Json = new JsonObject { ["code"] = code, ["msg"] = msg, ["data"] = new JsonObject() } };
}
