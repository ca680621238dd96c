using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Platforms.Web.Chats;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>What a reader has: all changes of one chat up to a number, and of answers that are being written the text up to a length. As a text it is the id of events, and what a reader comes back with.</summary>
/// <param name="Chat">Names the chat: a number of another one means nothing.</param>
/// <param name="Seq">The newest change.</param>
/// <param name="Answers">How far the answers are known that are being written.</param>
internal sealed partial record ChatPosition(string Chat, long Seq, IReadOnlyDictionary<long, LivePlace> Answers)
{
    /// <summary>Of more answers the text is told from its beginning.</summary>
    private const int MostAnswers = 16;

    /// <summary>A word that is the same for one person's chat, and tells nothing of the person.</summary>
    public static string NameOf(string person) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("chat " + person)).AsSpan(0, 4));

    /// <returns>Null: it is no position.</returns>
    public static ChatPosition? Parse(string text)
    {
        if (text.Length > 1000 || Form().Match(text) is not { Success: true } match) return null;
        var answers = new Dictionary<long, LivePlace>();
        foreach (Capture answer in match.Groups["answer"].Captures)
        {
            var parts = answer.Value.Split('-');
            answers[long.Parse(parts[0], CultureInfo.InvariantCulture)] = new LivePlace(uint.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
        }

        return new ChatPosition(match.Groups["chat"].Value, long.Parse(match.Groups["seq"].ValueSpan, CultureInfo.InvariantCulture), answers);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Chat}-{Seq}{string.Concat(Answers.Where(a => a.Value.Epoch != 0).Take(MostAnswers).Select(a => string.Create(CultureInfo.InvariantCulture, $".{a.Key}-{a.Value.Epoch:x}-{a.Value.Length}")))}");

    [GeneratedRegex(@"\A(?<chat>[0-9a-f]{8})-(?<seq>[0-9]{1,18})(\.(?<answer>[0-9]{1,18}-[0-9a-f]{1,8}-[0-9]{1,7})){0,16}\z", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Form();
}
