// A real OpenID provider on loopback, for the tests: PKCE required, signed identity, no page to fill.
// Arguments: the address to come back to, the address after signing out. Prints its issuer once it listens.
// POST /person chooses who signs in next: {sub, acr, amr, claims}.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [redirectUri, afterSignOut] = process.argv.slice(2);
let person = { sub: "sub-1", claims: {} };

const body = async (request) => {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "jalons",
        client_secret: "secret-de-trente-deux-caracteres-x",
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [afterSignOut],
        token_endpoint_auth_method: "client_secret_post",
        userinfo_signed_response_alg: "RS256",
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], given_name: ["given_name"], usual_name: ["usual_name"], siret: ["siret"], amr: null },
    acrValues: ["eidas1", "eidas2", "https://proconnect.gouv.fr/assurance/self-asserted", "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"],
    scopes: ["openid", "email", "given_name", "usual_name", "siret"],
    cookies: { keys: ["essai"] },
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = form;
        },
      },
    },
    interactions: { url: (ctx, interaction) => `/enter/${interaction.uid}` },
    async findAccount(ctx, sub) {
      return { accountId: sub, claims: () => ({ sub, ...person.claims }) };
    },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email given_name usual_name siret");
      grant.addOIDCClaims(["acr", "amr"]);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url === "/person") {
      person = await body(request);
      return response.end();
    }
    if (request.url.startsWith("/enter/")) {
      const login = { accountId: person.sub, acr: person.acr, amr: person.amr };
      return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    }
    return answer(request, response);
  });
  console.log(issuer);
});
