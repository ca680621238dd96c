using System.Globalization;
using System.Text;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>WeCom's GET with an encrypted <c>echostr</c>, which comes back in clear and bare. Facts: wecom-protocol 6.</summary>
internal sealed class WeComQuestion(CallbackCipher cipher, TimeProvider clock) : ICallbackQuestion
{
    /// <summary>Not the nonce, which stands in the address in clear: only who has the keys can say this.</summary>
    private readonly byte[] _echo = Encoding.UTF8.GetBytes(CallbackProof.NewNonce());

    public HttpRequestMessage Ask(Uri address, string nonce)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var echo = cipher.Encrypt(_echo);
        var query = $"msg_signature={cipher.Sign(timestamp, nonce, echo)}&timestamp={timestamp}&nonce={nonce}"
            + $"&echostr={Uri.EscapeDataString(echo)}";
        return new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { Query = query }.Uri);
    }

    public bool IsAnswer(byte[] body, string nonce) => body.AsSpan().SequenceEqual(_echo);
}
