using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Dify.OpenAi;

/// <summary>The files of one question as a chat completion can carry them: pictures as data addresses, texts as text. Such a service has no other way.</summary>
/// <param name="options">The model.</param>
internal sealed class OpenAiFiles(OpenAiOptions options)
{
    /// <summary>Pictures go within the request's JSON, in base64: so many bytes of all of them.</summary>
    private const long LargestPicture = 20 << 20;

    /// <summary>A text takes the place of words in the model's window.</summary>
    private const long LargestText = 200 << 10;

    private const int MostFiles = 10;

    private static readonly string[] Pictured = ["png", "jpg", "jpeg", "gif", "webp"];
    private static readonly string[] Written = ["txt", "md", "markdown", "csv", "tsv", "json", "xml", "html", "htm", "log", "yaml", "yml", "ini", "sql"];

    private readonly List<string> _pictures = [];
    private long _room = LargestPicture;
    private readonly StringBuilder _texts = new();

    /// <summary><c>data:</c> addresses.</summary>
    public IReadOnlyList<string> Pictures => _pictures;

    /// <summary>What stands behind the question's words.</summary>
    public string Texts => _texts.ToString();

    public bool IsEmpty => _pictures.Count == 0 && _texts.Length == 0;

    public static AssistantFileRules RulesOf(OpenAiOptions options)
    {
        var kinds = new Dictionary<AssistantFileKind, AssistantFileRule> { [AssistantFileKind.Document] = new(LargestText, Written) };
        if (options.Sees) kinds[AssistantFileKind.Image] = new(LargestPicture, Pictured);
        return new() { MaxCount = MostFiles, Kinds = kinds };
    }

    /// <summary>Takes a file.</summary>
    /// <returns>Null: it is taken.</returns>
    public async Task<FileRefusal?> AddAsync(AssistantFile file, CancellationToken cancellationToken)
    {
        AssistantFileRules rules = RulesOf(options);
        if (rules.Judge(file.ContentType, file.Name, file.Content.CanSeek ? file.Content.Length - file.Content.Position : null) is { } why) return why;
        AssistantFileKind kind = AssistantFileRules.KindOf(file.ContentType);
        if (await ReadAsync(file.Content, kind == AssistantFileKind.Image ? _room : LargestText, cancellationToken) is not { } bytes) return FileRefusal.TooLarge;
        if (kind == AssistantFileKind.Image)
        {
            _room -= bytes.Length;
            _pictures.Add($"data:{file.ContentType.Split(';')[0]};base64,{Convert.ToBase64String(bytes)}");
            return null;
        }

        if (WrittenText.Of(bytes) is not { } text) return FileRefusal.Type; // its name says text, and it is none

        // What a file says is material: it stands between marks that it cannot contain, so that it does not speak in the asker's voice.
        string mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        _texts.Append("\n\n<file-").Append(mark).Append(" name=\"").Append(file.Name.Replace('"', '\'')).Append("\">\n").Append(text).Append("\n</file-").Append(mark).Append('>');
        return null;
    }

    private static async Task<byte[]?> ReadAsync(Stream content, long most, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (kept.Length + read > most) return null;
            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}
