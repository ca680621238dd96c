namespace Larkspur.Gateway.People.SignIn.Methods;

/// <summary>All sign-in methods of this moment: those of platforms first, the company's identity providers behind them.</summary>
internal sealed class SignInMethods(Lazy<ISignInSource[]> sources)
{
    /// <summary>The mark of methods that are no platform's.</summary>
    public const string IdentityProviderMark = "idp";

    /// <summary>In the order in which their sources were registered; of two with one name the first.</summary>
    public IReadOnlyList<ISignInMethod> All =>
        [.. sources.Value.SelectMany(s => s.Methods).OrderBy(m => m.Mark == IdentityProviderMark).DistinctBy(m => m.Name,
            StringComparer.Ordinal)];

    /// <summary>Null: there is none of this name now.</summary>
    public ISignInMethod? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
