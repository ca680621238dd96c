using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Larkspur.Gateway.Redaction;

/// <summary>The ways in which a secret stands in other texts: as it is, in an address, in JSON, in base64.</summary>
internal static class SecretForms
{
    /// <summary>A shorter one in base64 would be found in texts that have nothing to do with it.</summary>
    private const int LeastForBase64 = 10;

    /// <summary>What is encoded may be cut at both ends by what stands beside it, so a little less than the whole is looked for.</summary>
    private const int LeastBase64 = 10;

    public static IEnumerable<string> Of(string secret)
    {
        yield return secret;
        var escaped = Uri.EscapeDataString(secret);
        yield return escaped;
        yield return LowerEscapes(escaped);
        var form = WebUtility.UrlEncode(secret);
        yield return form;
        yield return LowerEscapes(form);
        yield return JavaScriptEncoder.Default.Encode(secret);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        // JSON within JSON, as messages of platforms have it.
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret));
        yield return HtmlEncoder.Default.Encode(secret);
        if (secret.Length < LeastForBase64) yield break;
        foreach (var encoded in Base64(secret)) yield return encoded;
    }

    /// <summary>In base64 behind none, one or two other bytes (<c>user:secret</c>): three texts that have nothing in common.</summary>
    private static IEnumerable<string> Base64(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            // Characters that hold bits of the neighbours are left out, on both sides.
            var first = before == 0 ? 0 : before + 1;
            var whole = (before + bytes.Length) * 8 / 6;
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]).Substring(first, whole - first);
            if (encoded.Length < LeastBase64) continue;
            yield return encoded;
            yield return encoded.Replace('+', '-').Replace('/', '_');
            yield return Uri.EscapeDataString(encoded);
        }
    }

    private static string LowerEscapes(string escaped)
    {
        if (!escaped.Contains('%', StringComparison.Ordinal)) return escaped;
        var text = escaped.ToCharArray();
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] != '%') continue;
            (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
            i += 2;
        }

        return new string(text);
    }
}
