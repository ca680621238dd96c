using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.People.SignIn;

/// <summary>How long people stay signed in. Section <c>Larkspur:SignIn</c>.</summary>
public sealed class SignInOptions : ISectionOptions
{
    private const int MostHours = 24 * 90;

    static string ISectionOptions.Section => "Larkspur:SignIn";

    /// <summary>Hours without a request until a session ends, 1 to 2160. Default 12.</summary>
    public int IdleHours { get; set; } = 12;

    /// <summary>Hours until it ends whatever is done, 1 to 2160. Default a week.</summary>
    public int LongestHours { get; set; } = 24 * 7;

    internal TimeSpan Idle => TimeSpan.FromHours(IdleHours);

    internal TimeSpan Longest => TimeSpan.FromHours(LongestHours);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (IdleHours is < 1 or > MostHours) yield return $"Larkspur:SignIn:IdleHours: {IdleHours} is not between 1 and {MostHours}";
        if (LongestHours is < 1 or > MostHours)
            yield return $"Larkspur:SignIn:LongestHours: {LongestHours} is not between 1 and {MostHours}";
    }
}
