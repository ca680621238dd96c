using System.Text;
using Larkspur.Feishu.Events;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Events;

/// <summary>Requests as the platform makes them, and ways to spoil them.</summary>
internal sealed class Deliveries
{
    public const string AppId = "cli_a1b2c3d4e5f60718";

    public ManualTimeProvider Clock { get; } = new();

    public FeishuOptions Options { get; } = new()
    {
        AppId = AppId, AppSecret = "app-secret", EncryptKey = "larkspur-key", VerificationToken = "vt1",
    };

    public static string SecondSchema(string token = "vt1", string appId = AppId, string type = "im.message.receive_v1", string body = "{\"k\":1}")
        => $$$"""{"schema":"2.0","header":{"event_id":"e1","event_type":"{{{type}}}","create_time":"1700000000123","token":"{{{token}}}","app_id":"{{{appId}}}","tenant_key":"tk"},"event":{{{body}}}}""";

    public static string FirstSchema(string token = "vt1")
        => $$$"""{"ts":"1700000000.123","uuid":"u1","token":"{{{token}}}","type":"event_callback","event":{"type":"approval_instance","app_id":"{{{AppId}}}","tenant_key":"tk","status":"APPROVED"}}""";

    public static string Challenge(string token = "vt1") => $$"""{"challenge":"c1","token":"{{token}}","type":"url_verification"}""";

    public const string LegacyCard =
        """{"open_id":"ou_1","user_id":"u1","tenant_key":"tk","open_message_id":"om_1","open_chat_id":"oc_1","token":"c-1","action":{"value":{"k":"v"},"tag":"button"}}""";

    public FeishuEventReceiver Receiver() => new(Options, Clock);

    public FeishuSignedRequest Signed(string json) => FeishuEventSigner.CreateRequest(Options, Encoding.UTF8.GetBytes(json), Clock);

    public FeishuReception Receive(string json) => Receive(Signed(json));

    public FeishuReception Receive(FeishuSignedRequest request) => Receiver().Receive(request.Headers, request.Body);

    /// <summary>Any bytes as body, rightly signed.</summary>
    public FeishuSignedRequest SignedRaw(byte[] body, TimeSpan age = default)
    {
        string timestamp = (Clock.GetUtcNow() - age).ToUnixTimeSeconds().ToString();
        string signature = FeishuEventSigner.Sign(timestamp, "n0nce", Options.EncryptKey ?? "", body);
        return new(new(timestamp, "n0nce", signature, "application/json; charset=utf-8"), body);
    }

    public FeishuSignedRequest SignedLegacy(string json, TimeSpan age = default)
    {
        string timestamp = (Clock.GetUtcNow() - age).ToUnixTimeSeconds().ToString();
        byte[] body = Encoding.UTF8.GetBytes(json);
        return new(new(timestamp, "n0nce", FeishuEventSigner.SignLegacyCard(timestamp, "n0nce", "vt1", body), "application/json"), body);
    }

    /// <summary>Plain JSON inside the platform's encryption, rightly signed.</summary>
    public FeishuSignedRequest SignedEncrypted(byte[] plain) => SignedRaw(FeishuEventSigner.Encrypt(Options.EncryptKey!, plain));

    public static FeishuSignedRequest With(FeishuSignedRequest request, Func<FeishuDeliveryHeaders, FeishuDeliveryHeaders> change)
        => request with { Headers = change(request.Headers) };
}
