using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Robots;

/// <summary>Cards that a group robot says: nobody hears what is done on them.</summary>
internal sealed class RobotCards(IEnumerable<ICardCompiler> compilers)
{
    /// <summary>The card of a platform.</summary>
    /// <param name="platform">Which.</param>
    /// <param name="card">What it says; its actions open addresses.</param>
    /// <param name="pointer">Where the request says it.</param>
    /// <exception cref="RequestRefusedException">The platform has no card of it.</exception>
    public CompiledCard Compile(string platform, CardMessage card, string pointer)
    {
        try
        {
            return compilers.First(c => c.Platform == platform).Compile(card, new CardFace("robot", "robot"));
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", pointer, $"No card can be made of it: {e.Message}");
        }
    }
}
