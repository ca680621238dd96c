namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What a scan gives to the page that showed the QR code: good once, for the app and the address for which it was shown.</summary>
/// <remarks>How long the platform's live is not told; here five minutes of virtual time.</remarks>
internal sealed class QrLogins(VirtualClock clock, IdSource ids) : IResettableState
{
    private const int Most = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string UserId, string AppId, string RedirectUri, DateTimeOffset Ends)> _scans =
        new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public string Issue(string userId, AuthorizeRequest asked)
    {
        var scan = SignInCodes.NewSecret(ids, 30);
        lock (_gate)
        {
            _scans[scan] = (userId, asked.App.AppId, asked.RedirectUriAsGiven, clock.GetUtcNow() + SignInCodes.Life);
            _order.Enqueue(scan);
            if (_order.Count > Most) _scans.Remove(_order.Dequeue());
        }

        return scan;
    }

    /// <returns>Who scanned; <see langword="null"/> when the code is unknown, used, too old, or another app's.</returns>
    public string? Take(string scan, string appId, string redirectUri)
    {
        lock (_gate)
        {
            if (!_scans.TryGetValue(scan, out var found) || found.AppId != appId || found.RedirectUri != redirectUri) return null;
            _scans.Remove(scan);
            return found.Ends > clock.GetUtcNow() ? found.UserId : null;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _scans.Clear();
            _order.Clear();
        }
    }
}
