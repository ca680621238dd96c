using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Approvals;

/// <summary>A person as a request names them: in exactly one way.</summary>
/// <param name="Address">By which address or id.</param>
/// <param name="Pointer">Where it stands in the request.</param>
internal sealed record ApplicantName(PersonAddress Address, string Pointer)
{
    /// <param name="person">As a body names them.</param>
    /// <param name="pointer">Where they stand in it.</param>
    /// <exception cref="RequestRefusedException">It names nobody, or in several ways.</exception>
    public static ApplicantName Of(PaymentPerson person, string pointer)
    {
        switch (person.Named().Where(n => n.Value is not null).ToArray())
        {
            case [var (kind, value)]:
                var word = new PersonAddress(kind, "").Word;
                var at = $"{pointer}/{word}";
                return new ApplicantName(new PersonAddress(kind, Recipient.Check(word, value!.Trim(), at)), at);
            case []:
                throw RequestRefusedException.Malformed("missing", pointer,
                    $"A person is named by one of {string.Join(", ", person.Named().Select(n => new PersonAddress(n.Kind, "").Word))}.");
            default:
                throw RequestRefusedException.Malformed("several_names", pointer, "A person is named once, in one way.");
        }
    }
}

/// <summary>From people as business systems name them to people of the tenant, by the house's one directory. Where it may not look, an id is taken as it is.</summary>
internal sealed class Applicants(PersonSearch directory)
{
    /// <summary>Finds all of them, in order.</summary>
    /// <exception cref="RequestRefusedException">One of them is nobody, or two people, whom the app can see in its tenant; it is named by its pointer.</exception>
    public async Task<IReadOnlyList<Applicant>> FindAsync(FeishuApp app, IReadOnlyList<ApplicantName> names, CancellationToken cancellation)
    {
        var matches = await directory.FindAsync(app, [.. names.Select(n => n.Address)], cancellation);
        return [.. names.Zip(matches, Of)];
    }

    /// <summary>Approvals know open_id and user_id: somebody of whom the app sees neither cannot take part.</summary>
    private static Applicant Of(ApplicantName name, PersonMatch match)
    {
        var word = name.Address.Word;
        return match switch
        {
            { Person: { } person } when person.OpenId is not null || person.UserId is not null => new Applicant(person.OpenId, person.UserId, person.Name ?? person.EnName),
            { Person: not null } => throw Refused("unknown_person", $"The app sees neither open_id nor user_id of the person with this {word}: name them by one of these."),
            { Several: > 1 } => throw Refused("ambiguous_person", $"{match.Several} people of the tenant have this {word}: name the one by another address or id."),
            _ => throw Refused("unknown_person", $"Nobody in the tenant whom the app can see has this {word}."),
        };

        RequestRefusedException Refused(string reason, string sentence) => RequestRefusedException.Impossible(reason, name.Pointer, sentence);
    }
}
