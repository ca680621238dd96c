using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>What other rooms ask of the turns, as SQL within their own.</summary>
internal sealed class TurnTable : IStreamWork
{
    public string IsOpen(string turn) =>
        $"EXISTS (SELECT 1 FROM assistant_turn t WHERE t.id = {turn} AND t.state = 0)";

    /// <summary>A condition: the turn of this name goes on.</summary>
    /// <param name="name">The column that has it.</param>
    public static string IsOpenByName(string name) => $"EXISTS (SELECT 1 FROM assistant_turn t WHERE t.turn = {name} AND t.state = 0)";

    /// <summary>The answer as it was last put down; null in SQL: none yet, or no such turn.</summary>
    /// <param name="name">The column that has the turn's name.</param>
    public static string AnswerOf(string name) => $"(SELECT t.answer FROM assistant_turn t WHERE t.turn = {name})";

    /// <summary>A query: the names of a person's turns.</summary>
    /// <param name="person">The parameter or column that has the person.</param>
    public static string NamesOf(string person) => $"SELECT turn FROM assistant_turn WHERE person = {person}";
}
