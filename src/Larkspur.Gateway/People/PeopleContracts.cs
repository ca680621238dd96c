using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People.Directory.Rest;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Rest;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.People.ScimTargets.Rest;

namespace Larkspur.Gateway.People;

/// <summary>The contracts of the room's bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(LookupPeople)), JsonSerializable(typeof(RecipientBody)), JsonSerializable(typeof(MergePeople))]
[JsonSerializable(typeof(UnlinkAccount)), JsonSerializable(typeof(PutPermissionRule)), JsonSerializable(typeof(NewPermissionRule))]
[JsonSerializable(typeof(SyncDirectory)), JsonSerializable(typeof(ChangePerson)), JsonSerializable(typeof(DecideMatches))]
[JsonSerializable(typeof(PutScimTarget)), JsonSerializable(typeof(SyncScimTarget))]
[JsonSerializable(typeof(NewOidcClient)), JsonSerializable(typeof(ChangeOidcClient))]
[JsonSerializable(typeof(PutPermissionRole)), JsonSerializable(typeof(CheckPermission))]
internal sealed partial class PeopleContracts : JsonSerializerContext, IBodyContracts<PeopleContracts>;
