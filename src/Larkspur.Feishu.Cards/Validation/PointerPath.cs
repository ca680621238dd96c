using System.Globalization;
using System.Text;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Where a walk through JSON is; written out as a JSON pointer (RFC 6901) only when something is found.</summary>
internal sealed class PointerPath
{
    private readonly List<(string? Name, int Index)> _segments = new(32);

    public void Push(string name) => _segments.Add((name, 0));

    public void Push(int index) => _segments.Add((null, index));

    public void Pop() => _segments.RemoveAt(_segments.Count - 1);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _segments)
        {
            text.Append('/');
            if (name is null) text.Append(index.ToString(CultureInfo.InvariantCulture));
            else text.Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return text.ToString();
    }
}
