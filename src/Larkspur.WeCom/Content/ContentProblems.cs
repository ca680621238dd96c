using System.Text;

namespace Larkspur.WeCom;

/// <summary>Collects what is wrong with something that is to be sent. Lengths are in bytes of UTF-8 where the platform counts bytes.</summary>
internal sealed class ContentProblems
{
    private readonly List<string> _problems = [];

    public void Add(string where, string problem) => _problems.Add($"{where} {problem}.");

    public void Required(string where, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) Add(where, "is missing");
    }

    public void Bytes(string where, string? text, int most)
    {
        if (text is null || text.Length * 3 <= most) return;
        int length = Encoding.UTF8.GetByteCount(text);
        if (length > most) Add(where, $"has {length} bytes, and at most {most} are taken");
    }

    public void Text(string where, string? text, int mostBytes)
    {
        Required(where, text);
        Bytes(where, text, mostBytes);
    }

    public void Count<T>(string where, IReadOnlyCollection<T>? items, int least, int most)
    {
        int count = items?.Count ?? 0;
        if (count < least || count > most) Add(where, $"has {count} entries, and {least} to {most} are taken");
    }

    public void Url(string where, string? url, int mostBytes = 2048, bool required = true)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            if (required) Add(where, "is missing");
            return;
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")) Add(where, "is no http or https address");
        Bytes(where, url, mostBytes);
    }

    public void Unique(string where, IEnumerable<string> keys)
    {
        foreach (IGrouping<string, string> same in keys.GroupBy(k => k, StringComparer.Ordinal).Where(g => g.Skip(1).Any())) Add(where, $"has the key \"{same.Key}\" more than once");
    }

    public void ThrowIfAny()
    {
        if (_problems.Count > 0) throw new WeComContentException([.. _problems]);
    }
}
