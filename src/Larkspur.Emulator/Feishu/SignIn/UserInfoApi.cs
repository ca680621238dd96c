using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Tells an app who signed in. It is no OpenID Connect: there is no <c>sub</c> and no <c>id_token</c>.</summary>
internal sealed class UserInfoApi(EmulatorState state) : IApiArea
{
    public void Register(ApiHandlers on) => on.Add("authen.v1.user_info.get", request =>
    {
        var person = PersonInfo.SignedIn(request, state);
        return FeishuAnswer.Data(PersonInfo.Of(request.App, person, state, request.Caller!.May));
    });
}
