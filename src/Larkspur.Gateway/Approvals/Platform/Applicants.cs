using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Messages;

namespace Larkspur.Gateway.Approvals;

/// <summary>A person as a request names them: in exactly one way.</summary>
/// <param name="Kind"><c>email</c>, <c>open_id</c>, <c>user_id</c>.</param>
/// <param name="Value">The address or id.</param>
/// <param name="Pointer">Where it stands in the request.</param>
internal sealed record ApplicantName(string Kind, string Value, string Pointer)
{
    private static readonly string[] Kinds = ["email", "open_id", "user_id"];

    /// <summary>Reads one.</summary>
    /// <param name="fields">The person's object; members of other meaning have been taken from it.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <exception cref="RequestRefusedException">It names nobody, or in several ways.</exception>
    public static ApplicantName Read(JsonFields fields, string pointer)
    {
        ApplicantName? read = null;
        foreach (var kind in Kinds)
        {
            if (fields.Text(kind, 254) is not { } value) continue;
            if (read is not null) throw RequestRefusedException.Malformed("several_names", pointer, "A person is named once, in one way.");
            read = new ApplicantName(kind, FeishuIds.Check(kind, value.Trim(), fields.At(kind)), fields.At(kind));
        }

        fields.End();
        return read ?? throw RequestRefusedException.Malformed("missing", pointer, $"A person is named by one of {string.Join(", ", Kinds)}.");
    }
}

/// <summary>From people as business systems name them to people of the tenant.</summary>
internal interface IApplicants
{
    /// <summary>Finds all of them, in order.</summary>
    /// <exception cref="RequestRefusedException">One of them is nobody the app can see in its tenant; it is named by its pointer.</exception>
    Task<IReadOnlyList<Applicant>> FindAsync(FeishuApp app, IReadOnlyList<ApplicantName> names, CancellationToken cancellation);
}

/// <summary>By the platform's contacts: mail addresses by their batch look-up, ids by a look at the person.</summary>
internal sealed class FeishuApplicants(PlatformCalls calls) : IApplicants
{
    private const int MostOfBatch = 50;

    public async Task<IReadOnlyList<Applicant>> FindAsync(FeishuApp app, IReadOnlyList<ApplicantName> names, CancellationToken cancellation)
    {
        var byMail = await ByMailAsync(app, [.. names.Where(n => n.Kind == "email").Select(n => n.Value).Distinct(StringComparer.OrdinalIgnoreCase)], cancellation);
        var found = new List<Applicant>(names.Count);
        foreach (var name in names)
        {
            found.Add(name.Kind == "email"
                ? byMail.TryGetValue(name.Value, out var openId) ? new Applicant(openId, null, null) : throw Unknown(name)
                : await ByIdAsync(app, name, cancellation));
        }

        return found;
    }

    private async Task<Dictionary<string, string>> ByMailAsync(FeishuApp app, string[] mails, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in mails.Chunk(MostOfBatch))
        {
            var answer = await app.Client.Contact.V3.User.BatchGetIdAsync(new() { UserIdType = "open_id", Emails = part }, calls.Call(app, Endpoints.UserBatchGetId), cancellation);
            foreach (var user in answer.UserList ?? [])
            {
                if (user is { Email: { Length: > 0 } mail, UserId: { Length: > 0 } id }) found[mail] = id;
            }
        }

        return found;
    }

    /// <summary>An app that may not look at people takes an id as it is: then it is the platform that refuses an unknown one, when the instance is made.</summary>
    private async Task<Applicant> ByIdAsync(FeishuApp app, ApplicantName name, CancellationToken cancellation)
    {
        var (openId, userId) = name.Kind == "open_id" ? (name.Value, (string?)null) : (null, name.Value);
        try
        {
            var answer = await app.Client.Contact.V3.User.GetAsync(new() { UserId = name.Value, UserIdType = name.Kind }, calls.Call(app, Endpoints.UserGet), cancellation);
            return answer.User is { } user ? new Applicant(user.OpenId ?? openId, user.UserId ?? userId, user.Name) : throw Unknown(name);
        }
        catch (FeishuApiException e) when (e.FailureKind == FailureKind.Permission && e.MissingScopes.Count > 0)
        {
            return new Applicant(openId, userId, null);
        }
        catch (FeishuApiException e) when (e.FailureKind is FailureKind.Invalid or FailureKind.NotFound or FailureKind.Permission)
        {
            throw Unknown(name);
        }
    }

    private static RequestRefusedException Unknown(ApplicantName name) =>
        RequestRefusedException.Impossible("unknown_person", name.Pointer, $"Nobody in the tenant whom the app can see has this {name.Kind}.");
}
