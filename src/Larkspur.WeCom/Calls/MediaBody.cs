using System.Net.Http.Headers;
using System.Text;

namespace Larkspur.WeCom;

/// <summary>One file as the platform's uploads read it: a single part named <c>media</c>, names in quotes, a Chinese file name as UTF-8.</summary>
internal static class MediaBody
{
    public static HttpContent Create(WeComFile file)
    {
        string boundary = $"larkspur-{Guid.NewGuid():N}";
        // By hand: .NET's form writer turns a Chinese file name into a MIME encoded-word, which the platform shows as it stands.
        byte[] head = Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{Quoted(file.FileName)}\"; filelength={file.Content.Length}\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n");
        byte[] tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        var body = new ByteArrayContent([.. head, .. file.Content.Span, .. tail]);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
        return body;
    }

    /// <summary>Nothing that could leave the quotes or the line.</summary>
    private static string Quoted(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) || source[i] is '"' or '\\' ? '_' : source[i];
    });
}
