using System.Buffers.Text;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>A sign-in that waits for its app to fetch the tokens.</summary>
/// <param name="RedirectUri">As the app wrote it; <see langword="null"/>: the code was made inside the client.</param>
/// <param name="Pkce"><see langword="null"/>: the app asked for none.</param>
internal sealed record SignInCode(Consent Consent, string? RedirectUri, Pkce? Pkce, DateTimeOffset Expires, bool Used = false);

/// <summary>Codes of one use. Virtual time.</summary>
internal sealed class SignInCodes(VirtualClock clock, IdSource ids) : IResettableState
{
    /// <summary>Of the sign-in page and of <c>requestAuthCode</c>.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    /// <summary>Of <c>requestAccess</c>.</summary>
    public static readonly TimeSpan LifeInClient = TimeSpan.FromMinutes(3);
    /// <summary>72 characters: the platform says to leave room for 64 and more.</summary>
    private const int Bytes = 54;
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SignInCode> _codes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public string Issue(Consent consent, string? redirectUri, Pkce? pkce, TimeSpan life)
    {
        var code = NewSecret(ids, Bytes);
        lock (_gate)
        {
            _codes[code] = new SignInCode(consent, redirectUri, pkce, clock.GetUtcNow() + life);
            _order.Enqueue(code);
            if (_order.Count > Most) _codes.Remove(_order.Dequeue());
        }

        return code;
    }

    public SignInCode? Find(string code) { lock (_gate) return _codes.GetValueOrDefault(code); }

    public bool IsExpired(SignInCode code) => clock.GetUtcNow() >= code.Expires;

    /// <returns>False when somebody was faster.</returns>
    public bool TryTake(string code)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var found) || found.Used) return false;
            _codes[code] = found with { Used = true };
            return true;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _codes.Clear();
            _order.Clear();
        }
    }

    /// <summary>Of <c>A-Z a-z 0-9 - _</c>.</summary>
    internal static string NewSecret(IdSource ids, int bytes)
    {
        var noise = new byte[bytes];
        ids.Fill(noise);
        return Base64Url.EncodeToString(noise);
    }
}
