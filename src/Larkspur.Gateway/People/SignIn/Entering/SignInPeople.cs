using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;

namespace Larkspur.Gateway.People.SignIn.Entering;

/// <summary>Which person a proof is of. Only ids of the method's own that never change decide: no mail address, number or name
/// does.</summary>
internal sealed class SignInPeople(IIdentities identities)
{
    /// <exception cref="SignInRefusedException">Nobody whom the gateway lets in.</exception>
    public async Task<KnownPerson> OfAsync(SignInProof proof, CancellationToken cancellation)
    {
        var account = proof.Account;
        if (account.IsExternal != false && !proof.AdmitsExternals)
            throw new SignInRefusedException("outsider", $"{account} is no member of the company");
        var person = proof.MakesPeople ? await MakeAsync(account, cancellation) : await FindAsync(account, cancellation);
        if (person is null) throw new SignInRefusedException("unknown_person", $"nobody has {account}, and the method makes no people");
        return person switch
        {
            { IsShutOut: true } => throw new SignInRefusedException("shut_out", $"{person.Id} was shut out by an administrator"),
            { IsDisabled: true } => throw new SignInRefusedException("left", $"{person.Id} may not work: {person.Absence}"),
            _ => person,
        };
    }

    /// <summary>Whose an account is; null: nobody's.</summary>
    public async Task<KnownPerson?> FindAsync(PlatformAccount account, CancellationToken cancellation)
    {
        foreach (var id in account.Ids.Where(i => !i.IsReassignable).Concat(account.Ids.Where(i => i.IsReassignable
            && account.Ids.Count == 1)))
        {
            if (await identities.FindAsync(id, cancellation) is { } person) return person;
        }

        return null;
    }

    private async Task<KnownPerson> MakeAsync(PlatformAccount account, CancellationToken cancellation)
    {
        try
        {
            return await identities.GetOrCreateAsync(account, cancellation);
        }
        catch (ArgumentException e)
        {
            throw new SignInRefusedException("failed", "the method told of ids that are none", e);
        }
    }
}
