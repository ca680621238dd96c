using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Robots;

/// <summary>Who is called by the mentions of a text: <c>&lt;at user_id="…"&gt;name&lt;/at&gt;</c>, everybody as <c>all</c>.</summary>
/// <param name="Text">The text with each mention as the platform writes it.</param>
/// <param name="All">Everybody is called.</param>
/// <param name="People">The platform's ids of those who are called by name, each once.</param>
internal sealed partial record RobotMentions(string Text, bool All, IReadOnlyList<string> People)
{
    private const string Everybody = "all";

    /// <summary>The words, or the mention of everybody where there are no others: no platform takes an empty text.</summary>
    public string WordsOr(string everybody) => Text.Length > 0 || !All ? Text : everybody;

    /// <summary>Reads a text.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="person">How the platform writes the mention of a person within the text.</param>
    /// <param name="all">How it writes that of everybody.</param>
    public static RobotMentions Of(string text, Func<string, string> person, string all)
    {
        var (everybody, people) = (false, new List<string>());
        var written = Tag().Replace(text, tag =>
        {
            var id = tag.Groups[1].Value;
            if (id == Everybody)
            {
                everybody = true;
                return all;
            }

            if (!people.Contains(id)) people.Add(id);
            return person(id);
        });
        return new RobotMentions(written.Trim(), everybody, people);
    }

    [GeneratedRegex("<at\\s+user_id=\"([^\"<>\\s]{1,64})\"\\s*>[^<]{0,200}</at>")]
    private static partial Regex Tag();
}
