namespace Larkspur;

/// <summary>
/// Collects what is wrong with a platform's options, each problem named by the key that sets it: all of them at once, and none of their
/// values.
/// </summary>
/// <param name="section">What stands before each key: <c>WeCom</c>, <c>Feishu:second</c>.</param>
public sealed class OptionsCheck(string section)
{
    private const int AesKeyLength = 43;
    private readonly List<string> _problems = [];

    /// <summary>Everything that was found.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes a problem.</summary>
    /// <param name="key">The option.</param>
    /// <param name="problem">The rest of the sentence.</param>
    public void Add(string key, string problem) => _problems.Add($"{section}:{key} {problem}");

    /// <summary>A text that must be there, without white space around it.</summary>
    /// <param name="key">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="missing">Said when it is not there: what it is and where it is found.</param>
    public void Text(string key, string value, string missing)
    {
        if (string.IsNullOrWhiteSpace(value)) Add(key, missing);
        else Trimmed(key, value);
    }

    /// <summary>A text that may be missing, but has no white space around it.</summary>
    public void Trimmed(string key, string? value)
    {
        if (value.AsSpan().Trim().Length != (value?.Length ?? 0)) Add(key, "begins or ends with white space.");
    }

    /// <summary>The key of <see cref="CallbackCipher"/>, where there is one.</summary>
    public void AesKey(string key, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        Span<byte> bytes = stackalloc byte[33];
        if (value.Length != AesKeyLength || !Convert.TryFromBase64String(value + "=", bytes, out int length) || length != 32) Add(key, "must be the 43 characters of the admin console.");
    }

    /// <summary>A callback's token and key, which come together: one without the other proves nothing or reads nothing.</summary>
    public void Callback(string tokenKey, string? token, string keyKey, string? key)
    {
        Trimmed(tokenKey, token);
        if (string.IsNullOrEmpty(token) != string.IsNullOrEmpty(key)) Add(string.IsNullOrEmpty(token) ? tokenKey : keyKey, $"is missing: {tokenKey} and {keyKey} belong together.");
        AesKey(keyKey, key);
    }

    /// <summary>An absolute address without query, fragment or user name, where there is one.</summary>
    /// <param name="key">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="socket">True: <c>ws</c> or <c>wss</c>; else <c>http</c> or <c>https</c>.</param>
    public void Address(string key, Uri? value, bool socket = false)
    {
        if (value is null) return;
        if (!value.IsAbsoluteUri || !(socket ? value.Scheme is "ws" or "wss" : value.Scheme is "http" or "https")) Add(key, $"must be an absolute {(socket ? "ws or wss" : "http or https")} address.");
        else if (value.Query.Length > 0 || value.Fragment.Length > 0 || value.UserInfo.Length > 0) Add(key, "must have no query, fragment or user name.");
    }

    /// <summary>A span that is more than nothing and at most a day.</summary>
    public void Time(string key, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) Add(key, "must be more than nothing and at most a day.");
    }

    /// <summary>Tries of a call, 1 to 20.</summary>
    public void Attempts(string key, int value)
    {
        if (value is < 1 or > 20) Add(key, "must be between 1 (no retry) and 20.");
    }

    /// <summary>A part or multiple of documented limits, 0.01 to 100.</summary>
    public void Factor(string key, double value)
    {
        if (value is not (>= 0.01 and <= 100)) Add(key, "must be between 0.01 and 100.");
    }
}
