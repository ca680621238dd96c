using System.Collections.Immutable;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>A program without a browser asks for a sign-in, shows a short code, and polls until somebody entered it.</summary>
/// <remarks>Virtual time.</remarks>
internal sealed class DeviceLogins(VirtualClock clock, IdSource ids, Consents consents) : IResettableState
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(240);
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Most = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Login> _byDeviceCode = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public (string DeviceCode, string UserCode) Begin(string appId, ImmutableSortedSet<string> scopes)
    {
        var code = SignInCodes.NewSecret(ids, 30);
        Span<byte> noise = stackalloc byte[8];
        ids.Fill(noise);
        var shown = string.Create(9, noise, (text, from) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = i == 4 ? '-' : Letters[from[i < 4 ? i : i - 1] % Letters.Length];
        });
        lock (_gate)
        {
            _byDeviceCode[code] = new Login(appId, scopes, shown, clock.GetUtcNow() + Life) { Interval = Interval };
            _order.Enqueue(code);
            if (_order.Count > Most) _byDeviceCode.Remove(_order.Dequeue());
        }

        return (code, shown);
    }

    /// <summary>The app and the scopes behind a code that somebody enters, in any case and with or without its dash.</summary>
    public (string AppId, ImmutableSortedSet<string> Scopes)? Waiting(string userCode)
    {
        lock (_gate) return Open(userCode) is { } login ? (login.AppId, login.Scopes) : null;
    }

    /// <param name="userId"><see langword="null"/>: refused.</param>
    /// <returns>False when nothing waits under the code.</returns>
    public bool Decide(string userCode, string? userId)
    {
        lock (_gate)
        {
            if (Open(userCode) is not { } login) return false;
            login.Decided = true;
            login.UserId = userId;
            return true;
        }
    }

    /// <summary>The program asks whether somebody decided.</summary>
    /// <exception cref="ApiRefusedException">In the words of RFC 8628; the platform's numbers for them are not known.</exception>
    public Consent Poll(string deviceCode, string appId)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_byDeviceCode.TryGetValue(deviceCode, out var login) || login.AppId != appId)
                throw Refusal("invalid_grant", "The device code is unknown or used.");
            if (now >= login.Ends) throw Refusal("expired_token", "The device code has expired.");
            if (login.Decided)
            {
                _byDeviceCode.Remove(deviceCode);
                return login.UserId is { } who ? consents.Give(appId, who, login.Scopes)
                    : throw Refusal("access_denied", "The user denied the request.");
            }

            var early = login.LastPoll is { } last && now - last < login.Interval;
            login.LastPoll = now;
            if (early) login.Interval += Interval;
            throw early ? Refusal("slow_down", "Polled too often.") : Refusal("authorization_pending", "The user has not decided yet.");
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _byDeviceCode.Clear();
            _order.Clear();
        }
    }

    private Login? Open(string userCode)
    {
        var plain = Plain(userCode);
        return _byDeviceCode.Values.FirstOrDefault(l => !l.Decided && clock.GetUtcNow() < l.Ends && Plain(l.UserCode) == plain);
    }

    private static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();

    private static ApiRefusedException Refusal(string word, string text) =>
        new(StatusCodes.Status400BadRequest, 0, text) { OAuthWord = word };

    private sealed record Login(string AppId, ImmutableSortedSet<string> Scopes, string UserCode, DateTimeOffset Ends)
    {
        public TimeSpan Interval { get; set; }

        public DateTimeOffset? LastPoll { get; set; }

        public bool Decided { get; set; }

        public string? UserId { get; set; }
    }
}
