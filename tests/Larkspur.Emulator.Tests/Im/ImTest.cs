using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>An emulator whose clock stands still, and an app that calls it.</summary>
public abstract class ImTest : IAsyncLifetime
{
    protected const string Base = "/open-apis/im/v1/";
    protected static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0];

    private EventReceiver? _receiver;

    protected EmulatorApp Emulator { get; private set; } = null!;

    protected string Token { get; set; } = null!;

    /// <summary>Limits are off unless a test is about them.</summary>
    protected virtual double RateLimitFactor => 0;

    public virtual async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider(), RateLimitFactor = RateLimitFactor });
        Token = await Emulator.TenantTokenAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The app's events are pushed to a server that keeps them, until the test ends.</summary>
    private protected async Task<EventReceiver> ListenAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        await Emulator.SetCallbackAsync(_receiver.Url);
        return _receiver;
    }

    protected Task<ApiReply> CallAsync(HttpMethod method, string path, object? body = null, string? token = null) =>
        Emulator.CallAsync(method, path.StartsWith('/') ? path : Base + path, token ?? Token, body);

    protected Task<ApiReply> SendAsync(string receiver, string msgType, object content, string? uuid = null) => CallAsync(HttpMethod.Post,
        $"messages?receive_id_type={(receiver.StartsWith("oc_", StringComparison.Ordinal) ? "chat_id" : "user_id")}",
        new { receive_id = receiver, msg_type = msgType, content = content as string ?? JsonSerializer.Serialize(content), uuid });

    protected async Task<string> SentAsync(string receiver, string text = "hi") => Id(await SendAsync(receiver, "text", new { text }));

    protected Task<ApiReply> ReplyAsync(string messageId, bool inThread = false, string text = "re") =>
        CallAsync(HttpMethod.Post, $"messages/{messageId}/reply", new { msg_type = "text", content = JsonSerializer.Serialize(new { text }), reply_in_thread = inThread });

    protected async Task<string> PersonSaysAsync(string who, string? chat, string text) =>
        (await Emulator.ActAsync(new { @as = who, @do = "send", chat, text }))["message_id"]!.GetValue<string>();

    protected async Task<string> UserTokenAsync(string who) => (await Emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = who }))["user_access_token"]!.GetValue<string>();

    protected async Task<string> GroupAsync(object? settings = null, params string[] people)
    {
        var body = JsonSerializer.SerializeToNode(settings ?? new { })!.AsObject();
        body["name"] ??= "Group";
        body["user_id_list"] = new JsonArray([.. people.Select(p => (JsonNode?)p)]);
        var reply = await CallAsync(HttpMethod.Post, "chats?user_id_type=user_id", body);
        return reply.Data["chat_id"]!.GetValue<string>();
    }

    protected async Task<string> UploadAsync(string type, byte[]? bytes = null, string name = "a.bin")
    {
        var image = type is "message" or "avatar";
        using var form = new MultipartFormDataContent { { new StringContent(type), image ? "image_type" : "file_type" }, { new ByteArrayContent(bytes ?? (image ? Png : [1, 2, 3])), image ? "image" : "file", name } };
        if (!image)
        {
            form.Add(new StringContent(name), "file_name");
            form.Add(new StringContent("2500"), "duration");
        }

        var reply = await CallAsync(HttpMethod.Post, image ? "images" : "files", form);
        return reply.Data[image ? "image_key" : "file_key"]!.GetValue<string>();
    }

    protected static string Id(ApiReply reply) => reply.Data["message_id"]!.GetValue<string>();

    protected static JsonNode Content(JsonNode message) => JsonNode.Parse(message["body"]!["content"]!.GetValue<string>())!;

    protected static IEnumerable<string> Texts(ApiReply history) => history.Data["items"]!.AsArray().Select(m => Content(m!)["text"]!.GetValue<string>());

    protected Message Stored(string messageId) => Emulator.State.Message(messageId)!;
}
