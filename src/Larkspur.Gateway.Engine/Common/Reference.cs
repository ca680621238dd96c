namespace Larkspur.Gateway.Common;

/// <summary>Short ids that a person can read out and an operator can search for.</summary>
internal static class Reference
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Eight characters in two groups, the same for every attempt at one event: <c>7QX4-M0RT</c>.</summary>
    public static string For(string platform, string app, string eventId) => For(SeenKey.ForEvent(platform, app, eventId));

    /// <summary>The same, of an event whose key is known: a piece of the same hash.</summary>
    public static string For(in SeenKey key)
    {
        return string.Create(9, key.High ^ ((ulong)key.Owner << 8), static (text, bits) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (i == 4)
                {
                    text[i] = '-';
                    continue;
                }

                text[i] = Crockford[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
