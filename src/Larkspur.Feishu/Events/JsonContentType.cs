namespace Larkspur.Feishu.Events;

/// <summary><c>application/json</c>, with any parameters but a charset that is not UTF-8 (the platform sends <c>; charset=utf-8</c>).</summary>
internal static class JsonContentType
{
    public static bool Accepts(ReadOnlySpan<char> contentType)
    {
        int end = contentType.IndexOf(';');
        ReadOnlySpan<char> type = end < 0 ? contentType : contentType[..end];
        if (!type.Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase)) return false;

        ReadOnlySpan<char> rest = end < 0 ? default : contentType[(end + 1)..];
        foreach (Range part in rest.Split(';'))
        {
            ReadOnlySpan<char> parameter = rest[part].Trim();
            if (!parameter.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)) continue;
            ReadOnlySpan<char> charset = parameter["charset=".Length..].Trim('"');
            if (!charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
