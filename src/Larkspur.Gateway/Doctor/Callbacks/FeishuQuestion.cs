using System.Net.Http.Headers;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>Feishu's <c>url_verification</c>, signed and encrypted as the app is set up.</summary>
internal sealed class FeishuQuestion(FeishuOptions app, CallbackProof proof, TimeProvider clock) : ICallbackQuestion
{
    public HttpRequestMessage Ask(Uri address, string nonce)
    {
        var hidden = app.EncryptKey is { Length: > 0 };
        // In clear the token would be a present to whoever is at the address: what stands there opens the seal, or is not this gateway.
        var token = hidden ? app.VerificationToken ?? "" : "sealed";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string,
            string> { ["challenge"] = nonce, ["token"] = token, ["type"] = "url_verification" });
        var signed = FeishuEventSigner.CreateRequest(app, body, clock);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(signed.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(signed.Headers.ContentType!);
        if (!hidden)
        {
            request.Headers.Add(CallbackProof.SealHeader, proof.Seal(nonce, app.VerificationToken ?? ""));
            return request;
        }

        request.Headers.Add("X-Lark-Request-Timestamp", signed.Headers.Timestamp);
        request.Headers.Add("X-Lark-Request-Nonce", signed.Headers.Nonce);
        request.Headers.Add("X-Lark-Signature", signed.Headers.Signature);
        return request;
    }

    public bool IsAnswer(byte[] body, string nonce) => CallbackAnswer.Text(body, "challenge") == nonce;
}
