using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>DingTalk's encrypted <c>check_url</c>, whose answer is the word <c>success</c>, encrypted and signed. Facts:
/// dingtalk-protocol 7.</summary>
internal sealed class DingTalkQuestion(CallbackCipher cipher, TimeProvider clock) : ICallbackQuestion
{
    public HttpRequestMessage Ask(Uri address, string nonce)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var check = new Dictionary<string, string> { ["EventType"] = "check_url", ["Random"] = nonce };
        var sealedText = cipher.Encrypt(JsonSerializer.SerializeToUtf8Bytes(check));
        var query = $"msg_signature={cipher.Sign(timestamp, nonce, sealedText)}&timestamp={timestamp}&nonce={nonce}";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["encrypt"] = sealedText });
        var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(address) { Query = query }.Uri)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return request;
    }

    public bool IsAnswer(byte[] body, string nonce)
    {
        if (CallbackAnswer.Text(body, "encrypt") is not { } encrypted
            || !cipher.Verify(CallbackAnswer.Text(body, "msg_signature"), CallbackAnswer.Text(body, "timeStamp"),
                CallbackAnswer.Text(body, "nonce"), encrypted)) return false;
        try
        {
            return cipher.Decrypt(encrypted).AsSpan().SequenceEqual("success"u8);
        }
        catch (CallbackCipherException)
        {
            return false;
        }
    }
}
