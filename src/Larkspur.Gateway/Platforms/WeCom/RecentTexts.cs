using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Which words were sent to whom lately, and why.</summary>
/// <remarks>
/// WeCom recognises a repetition by what a message says, not by a key. So the check is asked for only where the same words were not sent for another reason within its window:
/// who asks the same twice gets two answers. In memory: after a restart the same words within five minutes may be dropped.
/// </remarks>
internal sealed class RecentTexts
{
    private const int MostKept = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Reason, DateTimeOffset At)> _said = new(StringComparer.Ordinal);

    /// <summary>Notes that words are sent.</summary>
    /// <returns>True: the check can only meet an attempt at the same message.</returns>
    public bool MayCheck(string app, string userId, string words, string reason, DateTimeOffset now)
    {
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{app}\n{userId}\n{words}")).AsSpan(0, 18));
        lock (_gate)
        {
            if (_said.Count >= MostKept) Forget(now);
            var free = !_said.TryGetValue(key, out var last) || last.Reason == reason || now - last.At > WeComSending.DuplicateWindow + TimeSpan.FromSeconds(30);
            _said[key] = (reason, now);
            return free;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, (_, at)) in _said)
        {
            if (now - at > WeComSending.DuplicateWindow) _said.Remove(key);
        }

        if (_said.Count >= MostKept) _said.Clear();
    }
}
